// Package embedded keeps a store in one file of this process (bbolt), or in
// its memory alone.
//
// # The file
//
// Every value is a form byte, the payload and a CRC-32C of key and payload.
// Every name in a key but the last has its length in front (written <name>),
// so that any string at all is a name. Buckets:
//
//	dogear    format                       the layout's number
//	readers   <reader> p <club> book       a packed bookmark
//	          <reader> v <club> book       a veil
//	channels  <club> channel               JSON of bot.Channel
//	versions  <club>                       the version of the club's library
//	books     <club> book                  the book file
//	sources   <club> source                library.EncodeSource
//	tickets   <club> ticket                <reader>, then JSON of bot.Stub
//	expiries  seconds, ticket's key        nothing; so that sweeping is cheap
//
// What a club's bucket lists comes in the plain order of the ids' bytes: "10"
// stands before "2", and dogear's own ids are numbered so that this is no
// matter.
package embedded
