package embedded

import (
	"context"
	"errors"
	"runtime"
	"runtime/debug"
	"slices"

	bolt "go.etcd.io/bbolt"
)

// maxBatch bounds how many changes share one sync.
const maxBatch = 512

var (
	errUnchanged = errors.New("nothing was written")
	errPanicked  = errors.New("the store file is damaged, or dogear has a fault: the change was not made")
)

// txn is a transaction whose values are checksummed.
type txn struct {
	tx    *bolt.Tx
	wrote bool
}

// get returns a payload, nil where there is none. It lives as long as the
// transaction.
func (t *txn) get(bucket, key []byte) ([]byte, error) {
	v := t.tx.Bucket(bucket).Get(key)
	if v == nil {
		return nil, nil
	}
	return unwrap(key, v)
}

func (t *txn) put(bucket, key, payload []byte) error {
	t.wrote = true
	return t.tx.Bucket(bucket).Put(key, wrap(key, payload))
}

func (t *txn) remove(bucket, key []byte) error {
	b := t.tx.Bucket(bucket)
	if b.Get(key) == nil {
		return nil
	}
	t.wrote = true
	return b.Delete(key)
}

// change is one caller's change on its way to the writer. do may run more than
// once, and the last run counts.
type change struct {
	ctx  context.Context
	do   func(*txn) error
	err  error
	done chan struct{}
}

// update hands a change to the writer and waits until it is on disk. A context
// that is cancelled before the writer takes it up leaves everything as it was;
// from then on the call waits, so that what it says is true.
func (s *Store) update(ctx context.Context, do func(*txn) error) error {
	if err := s.enter(ctx); err != nil {
		return err
	}
	defer s.mu.RUnlock()
	c := &change{ctx: ctx, do: do, done: make(chan struct{})}
	select {
	case s.changes <- c:
	case <-ctx.Done():
		return ctx.Err()
	}
	<-c.done
	return c.err
}

// write is the one goroutine that changes the file. It takes up whatever waits
// and syncs once for all of it; it never waits for more.
func (s *Store) write() {
	defer close(s.written)
	debug.SetPanicOnFault(true)
	for first := range s.changes {
		batch := []*change{first}
		runtime.Gosched() // those just answered may have their next one ready
		for len(batch) < maxBatch {
			select {
			case c, ok := <-s.changes:
				if ok {
					batch = append(batch, c)
					continue
				}
			default:
			}
			break
		}
		s.commit(batch)
	}
}

// commit makes a batch of changes. bbolt has no savepoints: where a change
// fails after it has written something, the transaction is given up and the
// others are made anew without it.
func (s *Store) commit(batch []*change) {
	batch = slices.DeleteFunc(batch, func(c *change) bool {
		if c.err = c.ctx.Err(); c.err != nil {
			close(c.done)
		}
		return c.err != nil
	})
	for len(batch) > 0 {
		var failed *change
		err := s.transact(func(tx *bolt.Tx) error {
			t := &txn{tx: tx}
			wrote := false
			for _, c := range batch {
				t.wrote = false
				if c.err = attempt(c.do, t); c.err != nil && t.wrote {
					failed = c
					return c.err
				}
				wrote = wrote || t.wrote
			}
			if !wrote {
				return errUnchanged // and need not be synced
			}
			return nil
		})
		if failed == nil {
			for _, c := range batch {
				if err != nil && err != errUnchanged {
					c.err = err
				}
				close(c.done)
			}
			return
		}
		close(failed.done)
		batch = slices.DeleteFunc(batch, func(c *change) bool { return c == failed })
	}
}

// attempt runs one change. One that panics counts as having written.
func attempt(do func(*txn) error, t *txn) (err error) {
	defer func() {
		if recover() != nil {
			t.wrote, err = true, errPanicked
		}
	}()
	return do(t)
}

// transact runs one transaction. Where bbolt itself panics the file is damaged
// and its locks may never be free again: nothing is written after that.
func (s *Store) transact(f func(*bolt.Tx) error) error {
	if s.broken {
		return errDamaged
	}
	s.broken = true
	err := guard(func() error {
		err := s.db.Update(f)
		s.broken = false
		return err
	})
	return err
}
