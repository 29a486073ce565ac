// Package embedded keeps a store in one file of this process (bbolt), or in
// its memory alone.
//
// # The file
//
// Every value is a form byte, the payload and a CRC-32C of key and payload.
// Every name in a key but the last has its length in front (written <name>),
// so that any string at all is a name. Buckets:
//
//	dogear     format                      the layout's number
//	readers    <reader> p <club> book      a packed bookmark
//	           <reader> v <club> book      a veil
//	members    <club> reader               nothing; the reader is one of the club
//	versions   <club>                      the version of the club's library, up to which its posts are edited, and its mark
//	gone       <club>                      since when the club is gone, in nanoseconds
//	books      <club> book                 the data of a bot.Record, here and below
//	overlays   <club> book
//	sources    <club> source
//	proposals  <club> source
//	rulings    <club> sentence
//	settings   <club>
//	entries    <club> number               of 16 hexadecimal digits
//	channels   <club> channel
//	tickets    <club> ticket
//	posts      <club> channel 0 message
//	tallies    <club> sentence
//	expiries   seconds t|p key             nothing; of a ticket or post, so that sweeping is cheap
//
// Format 1 had readers, channels, versions, books, sources, tickets and
// expiries alone; format 2 lacked gone.
//
// What a club's bucket lists comes in the plain order of the ids' bytes: "10"
// stands before "2", and dogear's own ids are numbered so that this is no
// matter.
package embedded
