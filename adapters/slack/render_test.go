package slack

import (
	"dogear/bot/reply"
	"dogear/bot/spoiler"
)

const aBook spoiler.BookID = "book"

// reviewed returns a sentence of a review that spoils nothing from a position.
func reviewed(at spoiler.Position, text, reviewer, title string) reply.Excerpt {
	return reply.Excerpt{
		Passage: spoiler.Seal(aBook, at, text), Kind: "review", ID: "an-id", Title: spoiler.Seal(aBook, at, title),
		Link: spoiler.Seal(aBook, 0, "https://link.example"), Reviewer: reviewer, Date: "2024-05-01", Rating: "4/5", File: "a-file.md",
	}
}
