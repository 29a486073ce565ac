package bot

import (
	"context"

	"dogear/bot/reply"
)

// Unposted tells that the reply to a request, which Handle has made for a channel,
// was posted nowhere. A spoiler is not kept then: nobody could open it, or take it
// away.
func (b *Bot) Unposted(ctx context.Context, req Request, doc reply.PublicDoc) {
	if req.Command != spoilerCommand {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), keepWithin)
	defer cancel()
	err := b.change(ctx, req.Club, func(c *club) (Change, error) {
		change := Change{Entry: Entry{By: req.Reader, What: "take back spoiler"}}
		for _, ref := range holds(doc) {
			if src := c.sources[ref.Source]; src != nil && src.Spoiler {
				change.RemoveSources = append(change.RemoveSources, ref.Source)
				change.Entry.On = string(ref.Source)
			}
		}
		return change, nil
	})
	if err != nil {
		b.log.ErrorContext(ctx, "a spoiler that was posted nowhere is still kept", "club", req.Club, "cause", err)
	}
}
