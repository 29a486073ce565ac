package embedded

import (
	"crypto/rand"
	"encoding/binary"

	"dogear/bot"
)

// standing says how a club's library stands. The zero standing is that of a
// club without any.
type standing struct {
	version uint64
	edited  uint64 // up to which version its posts are
	mark    string // of all its versions; files of earlier programs have none
}

// begun is how a library stands that was not there before.
func begun(version uint64) standing { return standing{version: version, mark: rand.Text()} }

// next is how a library stands when it was changed.
func (s standing) next() standing {
	if s.version == 0 {
		return begun(1)
	}
	s.version++
	return s
}

func (s standing) now() bot.Version { return s.at(s.version) }

// at returns a version of the library.
func (s standing) at(n uint64) bot.Version {
	if n == 0 {
		return bot.Version{}
	}
	return bot.Version{N: n, Mark: s.mark}
}

// had reports whether the library has stood at a version. One without a mark does
// not tell that by itself.
func (s standing) had(v bot.Version) bool { return v.N <= s.version && v == s.at(v.N) }

func (t *txn) version(club bot.ClubID) (bot.Version, error) {
	s, err := t.standing(club)
	return s.now(), err
}

// standing reads how a club's library stands. Files of earlier programs do not
// say all of it.
func (t *txn) standing(club bot.ClubID) (s standing, err error) {
	data, err := t.get(versionsBucket, part(nil, club))
	if data == nil || err != nil {
		return standing{}, err
	}
	for _, n := range []*uint64{&s.version, &s.edited} {
		if len(data) == 0 && n == &s.edited {
			break
		}
		size := 0
		if *n, size = binary.Uvarint(data); size <= 0 {
			return standing{}, errDamaged
		}
		data = data[size:]
	}
	s.mark = string(data)
	return s, nil
}

func (t *txn) stand(club bot.ClubID, s standing) error {
	data := binary.AppendUvarint(binary.AppendUvarint(nil, s.version), s.edited)
	return t.put(versionsBucket, part(nil, club), append(data, s.mark...))
}
