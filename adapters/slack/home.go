package slack

import (
	"context"

	"github.com/slack-go/slack"

	"dogear/bot/reply"
)

// ownID stands, in the origin of a home that is a modal, for that modal's own ID,
// which nobody knows before it is open.
const ownID = "own"

// openHome opens a reader's home as a modal.
func (s *Slack) openHome(ctx context.Context, x exchange) {
	v, ok := s.homeView(ctx, x, nil)
	if !ok {
		return
	}
	v.metadata = origin{x.channel, x.thread, ownID}.metadata()
	if err := s.api.open(ctx, x.trigger, v, false); err != nil {
		s.log.WarnContext(ctx, "a reader's home was not opened", "cause", err)
		s.tellAlone(ctx, x, ownWords(tooLate, nil))
	}
}

// showHome shows a reader their home as it now is, below what was just done.
func (s *Slack) showHome(ctx context.Context, x exchange, news reply.Doc) {
	v, ok := s.homeView(ctx, x, news)
	if !ok {
		return
	}
	var err error
	if x.home == tab {
		err = s.api.publish(ctx, x.who.user, v)
	} else {
		v.metadata = origin{x.channel, x.thread, ownID}.metadata()
		err = s.api.change(ctx, x.home, v)
	}
	if err != nil {
		s.log.WarnContext(ctx, "a reader's home was not shown", "cause", err)
		if news != nil { // they are told of what they did all the same
			x.view, x.trigger = "", ""
			s.send(ctx, x, news)
		}
	}
}

// homeView returns a reader's home below what was just done; false where that was
// delivered before.
func (s *Slack) homeView(ctx context.Context, x exchange, news reply.Doc) (view, bool) {
	req := x.req
	req.Command, req.Options = "home", nil
	if news != nil {
		req.Event = "" // that was another question's
	}
	doc := s.bot.Handle(ctx, req)
	if doc == nil {
		return view{}, false
	}
	v, past := renderView(doc)
	if past { // a home quotes nothing
		return view{}, false
	}
	if news != nil {
		if above, past := renderView(news); !past {
			v.blocks = append(append(above.blocks, slack.NewDividerBlock()), v.blocks...)
		}
	}
	v.blocks = v.blocks[:min(len(v.blocks), mostViewBlocks)]
	return v, true
}

// do runs the command that a control stands for by itself. Where that is set
// something, the reader's home shows it.
func (s *Slack) do(ctx context.Context, x exchange, sets bool) {
	if !sets || x.home == "" {
		s.answer(ctx, x)
		return
	}
	doc := s.bot.Handle(ctx, x.req)
	switch {
	case doc == nil:
	case asks(doc):
		if err := s.open(ctx, x, doc); err != nil {
			s.log.WarnContext(ctx, "a question was not asked", "cause", err)
			s.tellAlone(ctx, x, ownWords(tooLate, doc.Language()))
		}
	default:
		s.showHome(ctx, x, doc)
	}
}

// asks reports whether a reply asks for a yes.
func asks(doc reply.Doc) bool {
	v, _ := renderView(doc)
	return v.callback != ""
}
