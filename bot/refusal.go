package bot

import "dogear/bot/reply"

// Refusal is a problem that the reader can mend. It says what to do.
type Refusal struct{ Words reply.Phrase }

// Error returns the words of the refusal. They may hold the reader's own, so
// they go back to that reader and nowhere else.
func (r Refusal) Error() string { return r.Words.String() }
