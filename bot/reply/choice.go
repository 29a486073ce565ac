package reply

// Choice is a value that a reader may choose, with the words that they see.
// Value is what comes back, of at most 100 bytes, to be looked at afresh.
type Choice struct{ Value, Label string }
