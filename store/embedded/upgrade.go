package embedded

import (
	"maps"
	"slices"

	"dogear/bot"
)

// firstBuckets are those of a file of format 1.
var firstBuckets = [][]byte{
	readersBucket, versionsBucket, expiriesBucket,
	recordBuckets[bot.ChannelRecord], recordBuckets[bot.BookRecord], recordBuckets[bot.SourceRecord], recordBuckets[bot.TicketRecord],
}

// secondBuckets are those of a file of format 2.
func secondBuckets() [][]byte {
	return slices.DeleteFunc(slices.Clone(dataBuckets), func(name []byte) bool { return string(name) == string(goneBucket) })
}

// upgrade brings a file of format 1 up to format 2. That did not keep which
// clubs a reader is in, so that each is made one of every club's. Its tickets
// are dropped: they said what was asked, not how to answer it again.
func upgrade(t *txn) error {
	for _, name := range [][]byte{recordBuckets[bot.TicketRecord], expiriesBucket} {
		if err := t.tx.DeleteBucket(name); err != nil {
			return err
		}
	}
	if _, err := t.tx.CreateBucket(membersBucket); err != nil {
		return err
	}
	all := map[bot.ClubID]bool{}
	for _, bucket := range [][]byte{versionsBucket, recordBuckets[bot.ChannelRecord]} {
		for k := range t.under(bucket, nil) {
			club, _, ok := cut(k)
			if !ok {
				return errDamaged
			}
			all[bot.ClubID(club)] = true
		}
	}
	readers := map[bot.ReaderID]map[bot.ClubID]bool{} // with the clubs that their own keys name
	for k := range t.under(readersBucket, nil) {
		reader, rest, ok := cut(k)
		_, book, isKey := readerSubject(rest)
		if !ok || !isKey {
			return errDamaged
		}
		clubs := readers[bot.ReaderID(reader)]
		if clubs == nil {
			clubs = maps.Clone(all)
			readers[bot.ReaderID(reader)] = clubs
		}
		if book.Club != "" {
			clubs[book.Club] = true
		}
	}
	for reader, clubs := range readers {
		for club := range clubs {
			if err := t.note(club, reader); err != nil {
				return err
			}
		}
	}
	return nil
}
