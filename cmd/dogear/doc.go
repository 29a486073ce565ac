// Command dogear is a book-club bot that never shows a reader what lies past
// their place in the book.
//
// # A tour of the code
//
// Follow one question. A reader types it into [dogear/adapters/console], which
// knows nothing about books: it makes a bot.Request of it and hands that to
// [dogear/bot], whose Handle finds the command in its one table. The command
// becomes a turn, which reads the store once (the reader's bookmarks and veil,
// the channel's settings, the version of the club's library) and takes a
// library that is no older than that. A process that has an older one brings it
// up to date first, by what has changed since; the ticket of the reply is on its
// way to the store while the reply is on its way to the reader.
//
// [dogear/bot/answer] understands the question: its kind, the place that the
// reader names in it, whether a yes or a no would answer it. Then it asks the
// index of [dogear/bot/search] twice: once for what lies within the audience's
// horizon, which makes the visible part, and, where the audience wants that,
// once more for what lies past it.
//
// What was found is written into a document of [dogear/bot/reply]. Its Writer
// knows the audience; it alone decides whether a passage is quoted, covered or
// left out, because a [dogear/bot/spoiler] Passage does not give its text to
// anybody who has not read far enough. The document goes back to the adapter,
// which can do one thing with it: Render it.
//
// What is pressed or said next comes in as a request, too: a control names the
// ticket of its reply, and bot.Pressed says which command that is. A reply that
// asks for a yes has a ticket that keeps the request; the command yes then does
// it, for nobody else and nothing else.
//
// Where do Reveals come from? [dogear/bot/library] reads reviews into
// sentences, each sealed until the end of the book. [dogear/bot/label] opens
// those of which it knows, by positive evidence, how early they are safe: from
// the book's ledger, its premise, and closed lists of words that say nothing
// about a plot.
//
// What people say wins over all of that. A reader's report or a moderator's
// decision is a Ruling, kept under the sentence's own name; when a club's
// library is put together, its rulings are laid over its labels. Whoever
// changes the library works the change out from the library as it stands, and
// does so again where somebody else was faster. What the change covers is then
// edited out of the messages that were posted: the core asks a bot.Poster, which
// an adapter is. Up to which version that has been done is kept, so that what one
// process owes another one does.
//
// On Discord the same question comes as an interaction, over the gateway or as a
// signed HTTP request; [dogear/adapters/discord] makes the request of it that the
// console would. It first asks bot.Public who will see the reply, because Discord
// wants to know that before there is one, and says that it is on its way where it
// takes long. Its renderer turns the document into messages, reads each as
// Discord's client and a notification would, and sends none that it is unsure of.
// A button's custom_id holds a ticket and no text. Mentions and direct messages
// come over the gateway in both modes; what a channel sees is told to the bot,
// so that it can be edited later.
//
// Slack has no spoiler tags, so [dogear/adapters/slack] sends no covered text at
// all: a button stands in its place, whose ticket the core opens after another look
// at the reader's place, in a window that Slack keeps nowhere. A Doc says by Past
// whether it shows what lies past its reader's place; that goes into a window or
// into a message for one alone, whatever else was asked. What comes is acknowledged
// first, by Socket Mode or as the answer to a signed request, and then handled. A
// reader's home is a document too; what can be done there are its Deeds.
//
// All of this runs for a club under serve, which starts every platform, stops
// them so that nothing that was taken in is lost, and tells an operator how it
// goes: the bot reports each request as a bot.Handled, and what counts those, a
// store's calls and answers over HTTP is in this package alone.
//
// [dogear/store] keeps all this, in a file for one process or in Redis for many.
// Everything that can see text whatever the
// horizon imports [dogear/bot/spoiler/unsealed], and the import test beside
// this file lists who may.
package main
