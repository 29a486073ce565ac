package embedded

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"os"

	bolt "go.etcd.io/bbolt"
)

// The format of bbolt's pages, which begin with id, flags, count of elements
// and number of further pages. bbolt trusts what it reads there: on a damaged
// page its own check may run for hours, or take the process down.
const (
	pageHead    = 16
	elementSize = 16

	branchPage   = 0x01
	leafPage     = 0x02
	freelistPage = 0x10

	newPages = 4 // of a file that bbolt has just made

	bucketElement = 1
	noFreelist    = math.MaxUint64
)

var native = binary.NativeEndian // as bbolt's files are

// checker reads a store's pages with its own eyes.
type checker struct {
	file     *os.File
	pageSize int
	seen     []bool // by page; one that is used twice is damage
}

// inspect reads the whole of a file, without writing to it, and says what is
// wrong with it. Afterwards bbolt may trust its pages.
func inspect(path string) error {
	db, file, err := openBolt(path, true) // for its lock, and its check of the header
	if err != nil {
		return err
	}
	defer db.Close()
	return guard(func() error {
		return db.View(func(tx *bolt.Tx) error {
			info, err := file.Stat()
			if err != nil {
				return err
			}
			if tx.Size() > info.Size() {
				return fmt.Errorf("it is cut short: %d bytes of %d are there", info.Size(), tx.Size())
			}
			size := db.Info().PageSize
			c := &checker{file: file, pageSize: size, seen: make([]bool, tx.Size()/int64(size))}
			return c.store(tx.ID())
		})
	})
}

// store checks everything that is reached from the header that a transaction
// reads: the two of them take turns.
func (c *checker) store(txid int) error {
	head := make([]byte, 64)
	if _, err := c.file.ReadAt(head, int64(txid%2*c.pageSize+pageHead)); err != nil {
		return err
	}
	root, freelist := native.Uint64(head[16:]), native.Uint64(head[32:])

	buckets := map[string][]byte{}
	err := c.tree(root, nil, nil, func(isBucket bool, name, value []byte) error {
		if !isBucket || len(value) < pageHead {
			return errDamaged
		}
		buckets[string(name)] = bytes.Clone(value)
		return nil
	})
	if err != nil {
		return err
	}
	if len(buckets) > 0 { // else it was made, and killed before it was laid out
		if buckets[string(metaBucket)] == nil {
			return errOther
		}
		written := 0
		err := c.bucket(buckets[string(metaBucket)], func(_, payload []byte) (err error) {
			written, err = readFormat(payload)
			return err
		})
		if err != nil {
			return err
		}
		want := dataBuckets
		switch written {
		case 0:
			return errDamaged
		case 1:
			want = firstBuckets
		case 2:
			want = secondBuckets()
		}
		for _, name := range want {
			if err := c.bucket(buckets[string(name)], func(k, payload []byte) error { return nil }); err != nil {
				return err
			}
		}
	}
	if freelist == noFreelist {
		return nil
	}
	return c.free(freelist)
}

// bucket checks the records of a bucket, which has a tree of its own or, when
// it is small, stands whole within its value.
func (c *checker) bucket(value []byte, record func(key, payload []byte) error) error {
	if value == nil {
		return errDamaged
	}
	element := func(isBucket bool, k, v []byte) error {
		if isBucket {
			return errDamaged
		}
		payload, err := unwrap(k, v)
		if err != nil {
			return err
		}
		return record(k, payload)
	}
	if root := native.Uint64(value); root != 0 {
		return c.tree(root, nil, nil, element)
	}
	page := value[pageHead:]
	if len(page) < pageHead || native.Uint16(page[8:]) != leafPage || native.Uint16(page[10:]) == 0 && len(page) > pageHead {
		return errDamaged
	}
	return c.elements(page, nil, nil, element)
}

// tree checks the pages from id on, with keys from low up to below high. Only
// a new file has an empty one: bbolt keeps an empty bucket within its value.
func (c *checker) tree(id uint64, low, high []byte, element func(isBucket bool, key, value []byte) error) error {
	page, err := c.page(id)
	if err != nil {
		return err
	}
	if native.Uint16(page[10:]) == 0 && len(c.seen) > newPages {
		return errDamaged
	}
	return c.elements(page, low, high, element)
}

// elements checks the elements of a page. Their keys and values follow them
// without a gap, so a wrong count shows.
func (c *checker) elements(page, low, high []byte, element func(isBucket bool, key, value []byte) error) error {
	kind, count := native.Uint16(page[8:]), int(native.Uint16(page[10:]))
	next := pageHead + count*elementSize // where the next key stands
	if next > len(page) || kind != leafPage && (kind != branchPage || count == 0) {
		return errDamaged
	}
	var keys [][]byte
	var children []uint64
	for i := range count {
		start := pageHead + i*elementSize
		e := page[start:]
		var at, keySize, valueSize int
		if kind == branchPage {
			at, keySize = int(native.Uint32(e)), int(native.Uint32(e[4:]))
		} else {
			at, keySize, valueSize = int(native.Uint32(e[4:])), int(native.Uint32(e[8:])), int(native.Uint32(e[12:]))
		}
		if start+at != next || keySize == 0 || next+keySize+valueSize > len(page) {
			return errDamaged
		}
		key := page[next : next+keySize]
		next += keySize + valueSize
		// Only the first key may be the lowest; after that they rise.
		if order := bytes.Compare(key, low); order < 0 || order == 0 && i > 0 || high != nil && bytes.Compare(key, high) >= 0 {
			return errDamaged
		}
		low = key
		if kind == branchPage {
			keys, children = append(keys, key), append(children, native.Uint64(e[8:]))
		} else if err := element(native.Uint32(e)&bucketElement != 0, key, page[next-valueSize:next]); err != nil {
			return err
		}
	}
	for i, child := range children {
		end := high
		if i+1 < count {
			end = keys[i+1]
		}
		if err := c.tree(child, keys[i], end, element); err != nil {
			return err
		}
	}
	return nil
}

// page returns a page with those that continue it, the first time only.
func (c *checker) page(id uint64) ([]byte, error) {
	head := make([]byte, pageHead)
	if id < 2 || id >= uint64(len(c.seen)) {
		return nil, errDamaged
	}
	if _, err := c.file.ReadAt(head, int64(id)*int64(c.pageSize)); err != nil {
		return nil, err
	}
	kind, more := native.Uint16(head[8:]), uint64(native.Uint32(head[12:]))
	if native.Uint64(head) != id || kind != branchPage && kind != leafPage && kind != freelistPage || id+more >= uint64(len(c.seen)) {
		return nil, errDamaged
	}
	for i := id; i <= id+more; i++ {
		if c.seen[i] {
			return nil, errDamaged
		}
		c.seen[i] = true
	}
	page := make([]byte, int(more+1)*c.pageSize)
	_, err := c.file.ReadAt(page, int64(id)*int64(c.pageSize))
	return page, err
}

// free checks the list of free pages: one that is in use as well would be
// overwritten.
func (c *checker) free(id uint64) error {
	page, err := c.page(id)
	if err != nil {
		return err
	}
	ids, count := page[pageHead:], uint64(native.Uint16(page[10:]))
	if count == math.MaxUint16 { // too many for the page's head: the first tells
		count, ids = native.Uint64(ids), ids[8:]
	}
	if native.Uint16(page[8:]) != freelistPage || count > uint64(len(ids)/8) {
		return errDamaged
	}
	last := uint64(1)
	for i := range count {
		id := native.Uint64(ids[8*i:])
		if id <= last || id >= uint64(len(c.seen)) || c.seen[id] {
			return errDamaged
		}
		last = id
	}
	return nil
}
