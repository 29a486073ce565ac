package reply

// Choice is one of the values that a Control lets the reader choose from, with
// the words that the reader sees.
type Choice struct{ Value, Label string }
