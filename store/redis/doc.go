// Package redis keeps a store in Redis or Valkey, for any number of dogear
// processes at once: in one server, behind Sentinel, or in a Cluster. It needs
// no module, and version 6.2 or later.
//
// # The keys
//
// Every key begins with a prefix (a setting; "dogear:" below). A name in a key
// is escaped, so that any string at all is a name; one in a field or a member is
// not, but has its length in front where another follows it. What stands in
// braces decides where a Cluster keeps a key: all of a reader's is in one place,
// and all of a club's.
//
//	dogear:r:{READER}            hash, the reader
//	    p<club>book              a packed bookmark
//	    v<club>book              a veil
//	    mclub                    nothing; the reader is one of the club. A + while the club's
//	                             members do not have the reader yet
//	    s                        how often a place or a veil was set
//	dogear:l:{READER}            string, when the reader may ask as much as ever again; expires
//	dogear:d:{READER}            sorted set, the events seen, by when they are forgotten; expires
//	dogear:i:{READER}            sorted set, the tickets and posts that hold what the reader asked,
//	                             by when they expire; expires
//	dogear:c:{CLUB}              hash, the club
//	    v                        form, count and mark of the library's version
//	    e                        up to which version the posts are edited
//	    n                        the number of the log's latest entry
//	    hchannel                 a channel
//	    s                        how often a channel was set
//	dogear:c:{CLUB}:KIND         hash, the club's bot.Records of a kind by ID, for each kind but
//	                             channels, readers and tickets
//	dogear:c:{CLUB}:members      set, the readers
//	dogear:c:{CLUB}:journal      hash, what the latest changes have changed, by count of the version
//	dogear:c:{CLUB}:expiries     sorted set, the posts by when they expire
//	dogear:c:{CLUB}:edits        string, who edits the posts just now; expires
//	dogear:c:{CLUB}:stage:NAME   hash, a change too large for one call, until it is made; expires
//	dogear:t:{CLUB}:TICKET       string, a ticket; expires
//	dogear:clubs                 set, the clubs that have readers, channels or a library
//	dogear:searched              string, says that those were put there of which an earlier dogear
//	                             had kept something; expires
//	dogear:gone                  hash, since when clubs are gone, in nanoseconds; nothing for one
//	                             that is being purged
//	dogear:changed               channel, on which a club's name is published when its library changes
//
// Every value but those of l and of edits, which are over soon, begins with the
// byte of its form. A form that is not known is
// neither read nor written over: a newer dogear may keep there what this one
// would overlook.
//
// # Atomicity
//
// What must change together is one script over keys of one place. A bookmark,
// a veil, a channel and a version are set by comparing, so that a call that was
// sent twice, or arrives late, changes nothing that has moved on. Places, veils
// and channels come back to what they were, so that how often they were set is
// compared, too. Where a call
// has to touch a reader's place and a club's, what is only looked up by comes
// first: a failure between the two leaves something to be looked up in vain,
// never something that is not found. A club that is purged loses its
// readers and tickets first and all of its own keys in one step after that, which
// waits until it has no member: who joins meanwhile is taken along, and one who
// moves or changes something has to be a member in the same step.
package redis
