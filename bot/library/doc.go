// Package library is what a club has to read from: books with their outlines
// and ledgers, and the sources (reviews with their FAQs) that members brought.
//
// Every text that could spoil (a title, a sentence, a question, a chapter's
// name, a ledger's words) is a spoiler.Passage here, so that none of these
// types prints it. Freshly read sources are sealed until the end of the book;
// only a label opens a sentence earlier.
package library
