// Package search finds the passages of a club that fit a question, as far as
// an audience has read.
//
// What lies past a Horizon is kept apart from what lies within it, not sifted
// out of it: every posting of a term stands in the bucket of the Position from
// which it may count, and [Index.Search] reads the buckets up to the audience's
// own and no other. What a sentence gains from its surroundings (its FAQ
// question, heading, title, paragraph) is posted at the later Reveal of the
// two, and every weight comes from constants and a compiled-in table of word
// counts. So a hit, its score and its rank depend on nothing that the audience
// may not see: there is nothing to forget.
//
// A passage is scored by BM25F: Robertson and Zaragoza, "The Probabilistic
// Relevance Framework: BM25 and Beyond" (2009), sections 3.4 to 3.6.
package search
