package reply

// Choice is a value that a reader may choose, with the words that they see.
type Choice struct{ Value, Label string }
