package embedded

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strconv"
	"time"

	bolt "go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"

	"dogear/bot"
)

// format is the number of the file's layout. A file with a higher one is left
// alone, because it may say what this code would overlook; one with a lower one
// is brought up to it.
const format = 3

// lockWait is how long Open waits for another process to let go of the file:
// long enough for one that is being restarted.
const lockWait = time.Second

var (
	metaBucket     = []byte("dogear")
	readersBucket  = []byte("readers")
	membersBucket  = []byte("members")
	versionsBucket = []byte("versions")
	expiriesBucket = []byte("expiries")
	goneBucket     = []byte("gone")

	// recordBuckets hold what has its bot.Record's data for a value.
	recordBuckets = map[bot.RecordKind][]byte{
		bot.BookRecord:     []byte("books"),
		bot.OverlayRecord:  []byte("overlays"),
		bot.SourceRecord:   []byte("sources"),
		bot.ProposalRecord: []byte("proposals"),
		bot.RulingRecord:   []byte("rulings"),
		bot.SettingsRecord: []byte("settings"),
		bot.EntryRecord:    []byte("entries"),
		bot.ChannelRecord:  []byte("channels"),
		bot.TicketRecord:   []byte("tickets"),
		bot.PostRecord:     []byte("posts"),
		bot.TallyRecord:    []byte("tallies"),
	}

	dataBuckets = slices.Concat([][]byte{readersBucket, membersBucket, versionsBucket, expiriesBucket, goneBucket}, slices.Collect(maps.Values(recordBuckets)))

	formatKey = []byte("format")
)

var (
	errForeign = errors.New("it is not a dogear store, or its beginning is damaged")
	errOther   = errors.New("it is a database, but not a dogear store")
)

// Open opens the store kept in the file at path, and makes it where there is
// none. A file that is damaged or not dogear's is left as it is.
func Open(ctx context.Context, path string) (*Store, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	s, err := open(path)
	if err != nil {
		// bbolt and the system name the file too, each in its way.
		if pe, ok := errors.AsType[*fs.PathError](err); ok {
			err = fmt.Errorf("%s: %w", pe.Op, pe.Err)
		}
		return nil, fmt.Errorf("open store %s: %w", path, err)
	}
	return s, nil
}

func open(path string) (*Store, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if err := create(path); err != nil {
			return nil, err
		}
	case err != nil:
		return nil, err
	case info.IsDir():
		return nil, errors.New("it is a folder; a store is a file")
	case !info.Mode().IsRegular():
		return nil, errors.New("it is not a regular file")
	case info.Size() > 0: // an empty file is as good as none
		if err := inspect(path); err != nil {
			return nil, err
		}
	}
	db, file, err := openBolt(path, false)
	if err != nil {
		return nil, err
	}
	if err := db.Update(layOut); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return start(db, file, path), nil
}

// openBolt opens a bbolt file. Where that panics, as it does on damaged pages,
// the file is let go of all the same.
func openBolt(path string, readOnly bool) (db *bolt.DB, file *os.File, err error) {
	err = guard(func() (err error) {
		db, err = bolt.Open(path, 0o600, &bolt.Options{
			Timeout: lockWait, ReadOnly: readOnly, NoStatistics: true, FreelistType: bolt.FreelistMapType,
			OpenFile: func(name string, flag int, mode os.FileMode) (*os.File, error) {
				f, err := os.OpenFile(name, flag, mode)
				file = f
				return f, err
			},
		})
		return err
	})
	var pathErr *fs.PathError
	switch {
	case err == nil:
		return db, file, nil
	case errors.Is(err, errDamaged):
		if file != nil {
			file.Close()
		}
		return nil, nil, err
	case errors.Is(err, bolterrors.ErrTimeout):
		return nil, nil, inUse(path)
	case errors.As(err, &pathErr):
		return nil, nil, err
	}
	return nil, nil, errForeign
}

// guard turns a panic, and a fault in reading the mapped file, into an error.
func guard(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = errDamaged
		}
	}()
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	return f()
}

// layOut makes what is missing in a new file, and brings an older one up to
// the format of now.
func layOut(tx *bolt.Tx) error {
	meta := tx.Bucket(metaBucket)
	if meta == nil {
		var err error
		if meta, err = tx.CreateBucket(metaBucket); err != nil {
			return err
		}
	} else {
		has, err := unwrap(formatKey, meta.Get(formatKey))
		if err != nil {
			return err
		}
		n, err := readFormat(has)
		if err != nil || n == format {
			return err
		}
		if n == 1 { // format 2 lacked a bucket, which is made below
			if err := upgrade(&txn{tx: tx}); err != nil {
				return fmt.Errorf("bring it up to this dogear's layout: %w", err)
			}
		}
	}
	for _, name := range dataBuckets {
		if _, err := tx.CreateBucketIfNotExists(name); err != nil {
			return err
		}
	}
	return meta.Put(formatKey, wrap(formatKey, []byte(strconv.Itoa(format))))
}

// readFormat reads the number of a file's layout.
func readFormat(payload []byte) (int, error) {
	n, err := strconv.Atoi(string(payload))
	if err != nil || n < 1 {
		return 0, errDamaged
	}
	if n > format {
		return 0, fmt.Errorf("a newer dogear wrote it (layout %d, and this one knows %d)", n, format)
	}
	return n, nil
}

// create makes an empty store under another name and then gives it its own, so
// that a process killed meanwhile leaves no half of one. Two processes may do
// so at once: the first one's stays.
func create(path string) error {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, ".dogear-new-*")
	if err != nil {
		return err
	}
	tmp := f.Name()
	defer os.Remove(tmp)
	if err := f.Close(); err != nil {
		return err
	}
	db, _, err := openBolt(tmp, false)
	if err != nil {
		return err
	}
	if err := errors.Join(db.Update(layOut), db.Close()); err != nil {
		return err
	}
	// Where the file system has no links, Open makes the file in place.
	if os.Link(tmp, path) == nil {
		syncFolder(dir)
	}
	return nil
}

// syncFolder puts a folder's list of names on disk. Not every system can.
func syncFolder(dir string) {
	if d, err := os.Open(dir); err == nil {
		_ = d.Sync()
		d.Close()
	}
}

// holderFile is where the process that has the file open leaves its number.
// Only one that could not get the lock reads it, so that what a killed process
// leaves there deceives nobody.
func holderFile(path string) string { return path + ".holder" }

func inUse(path string) error {
	pid, err := os.ReadFile(holderFile(path))
	if err != nil {
		return errors.New("another process has it open; one at a time can")
	}
	return fmt.Errorf("the process with number %s has it open; one at a time can", bytes.TrimSpace(pid))
}
