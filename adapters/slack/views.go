package slack

import (
	"context"

	"github.com/slack-go/slack"
)

// open opens a modal for whoever pulled a trigger, or puts it on top of theirs
// where push is set. It is not tried again where it may have been opened: a
// trigger does once.
func (a *api) open(ctx context.Context, trigger string, v view, push bool) error {
	show := a.client.OpenViewContext
	if push {
		show = a.client.PushViewContext
	}
	_, err := a.do(ctx, call{what: "open a modal", wait: a.limits.trigger, ask: func(ctx context.Context) error {
		_, err := show(ctx, trigger, v.modal())
		return err
	}})
	return err
}

// change puts another content into an open modal.
func (a *api) change(ctx context.Context, id string, v view) error {
	_, err := a.do(ctx, call{what: "change a modal", repeat: true, ask: func(ctx context.Context) error {
		_, err := a.client.UpdateViewContext(ctx, v.modal(), "", "", id)
		return err
	}})
	return err
}

// publish shows a user the app's home.
func (a *api) publish(ctx context.Context, user string, v view) error {
	home := slack.HomeTabViewRequest{
		Type: slack.VTHomeTab, Blocks: v.content(), PrivateMetadata: v.metadata, CallbackID: v.callback,
	}
	_, err := a.do(ctx, call{what: "show the home", repeat: true, ask: func(ctx context.Context) error {
		_, err := a.client.PublishViewContext(ctx, slack.PublishViewContextRequest{UserID: user, View: home})
		return err
	}})
	return err
}

// modal is a view as Slack takes a modal.
func (v view) modal() slack.ModalViewRequest {
	return slack.ModalViewRequest{
		Type: slack.VTModal, Title: words(v.title), Submit: words(v.submit), Close: words(v.close),
		Blocks: v.content(), PrivateMetadata: v.metadata, CallbackID: v.callback,
	}
}

// content is a view's blocks, which Slack wants even where there are none.
func (v view) content() slack.Blocks {
	if v.blocks == nil {
		return slack.Blocks{BlockSet: []slack.Block{}}
	}
	return slack.Blocks{BlockSet: v.blocks}
}

// words is a text in which nothing is markup; nil: there is none.
func words(text string) *slack.TextBlockObject {
	if text == "" {
		return nil
	}
	return slack.NewTextBlockObject(slack.PlainTextType, text, false, false)
}
