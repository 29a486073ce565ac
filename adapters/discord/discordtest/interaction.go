package discordtest

import (
	"crypto/rand"
	"net/http"
	"slices"
	"time"
)

// Kinds of interactions.
const (
	kindPing         = 1
	kindCommand      = 2
	kindComponent    = 3
	kindAutocomplete = 4
	kindModal        = 5
)

// Types of first responses.
const (
	answerPong          = 1
	answerMessage       = 4
	answerDeferred      = 5
	answerDeferredEdit  = 6
	answerEdit          = 7
	answerChoices       = 8
	answerModal         = 9
	firstResponseWithin = 3 * time.Second
	tokenLives          = 15 * time.Minute
)

// interaction is one act of a reader with what has answered it.
type interaction struct {
	id, token string
	kind      int
	reader    *Reader
	channel   *Channel
	source    *message // that a component or its modal stands on; nil: none
	data      object
	at        time.Time
	began     time.Duration // by the clock that counts what the test has had of the machine

	deliveries int      // over HTTP that are not answered yet
	first      int      // type of the first response; 0: none yet
	status     int      // of a delivery over HTTP; 0: none
	failed     bool     // it cannot be answered any more
	hidden     bool     // a fault has hidden from the bot what it did
	doubtful   bool     // a fault may have, as far as the bot can tell
	original   *message // nil: none
	pending    bool     // deferred, and nothing has come yet
	modal      object
	choices    []any
	touched    []*message // new, changed or deleted by it
	since      int64      // the tick at which it began
}

// interact makes an interaction. The lock is held.
func (d *Discord) interact(kind int, r *Reader, c *Channel, source *message, data object) *interaction {
	in := &interaction{
		id: d.newID(), token: "itk" + rand.Text() + rand.Text(), kind: kind, reader: r, channel: c, source: source,
		data: data, at: d.now(), began: d.ran + d.offset, since: d.tick,
	}
	d.interactions[in.token] = in
	return in
}

// object is the interaction as Discord sends it.
func (in *interaction) object(d *Discord) object {
	rights := "2147601408"
	if in.channel.refusal == missingAccess.code { // it does not see the channel
		rights = "2147600384"
	}
	o := object{
		"id": in.id, "application_id": d.AppID, "type": in.kind, "token": in.token, "version": 1,
		"channel_id": in.channel.ID, "locale": in.reader.user.locale, "entitlements": []any{}, "data": in.data,
		"app_permissions": rights, "attachment_size_limit": 10 << 20,
		"authorizing_integration_owners": object{}, "context": 1,
	}
	room := in.channel.object()
	room["permissions"] = "2147601408"
	o["channel"] = room
	if g := in.channel.guild; g != nil {
		o["guild_id"], o["guild_locale"], o["context"] = g.ID, g.locale, 0
		o["guild"] = object{"id": g.ID, "locale": g.locale, "features": []any{}}
		o["member"] = in.reader.member()
		o["authorizing_integration_owners"] = object{"0": g.ID}
	} else {
		o["user"] = in.reader.user.object()
		o["authorizing_integration_owners"] = object{"0": "0"}
	}
	if in.source != nil {
		m := in.source.object()
		if d.gateway.strange {
			m["components"] = append(slices.Clone(m["components"].([]any)), object{"type": 99, "id": 99, "novelty": true})
		}
		o["message"] = m
	}
	return o
}

// callback takes a first response over REST.
func (d *Discord) callback(c *call) (any, *apiError) {
	in := d.interactions[c.value("token")]
	if in == nil || in.id != c.value("id") {
		d.violate(Protocol, "a first response to an interaction that does not exist")
		return nil, unknownInteraction
	}
	if err := d.respond(in, c.body(), c.Files); err != nil {
		return nil, err
	}
	if c.http.URL.Query().Get("with_response") != "true" {
		return nil, nil
	}
	about := object{"id": in.id, "type": in.kind}
	out := object{"interaction": about, "resource": object{"type": in.first}}
	if in.original != nil && in.first != answerDeferredEdit {
		about["response_message_id"] = in.original.id
		about["response_message_ephemeral"] = in.original.only != nil
		about["response_message_loading"] = in.pending
		out["resource"] = object{"type": in.first, "message": in.original.object()}
	}
	return out, nil
}

// respond takes the first response. The lock is held.
func (d *Discord) respond(in *interaction, body object, files []File) *apiError {
	kind := number(body, "type")
	data, _ := body["data"].(object)
	if data == nil {
		data = object{}
	}
	if in.first != 0 {
		if in.hidden || d.gateway.repeats > 0 {
			return acknowledged // the bot could not know
		}
		d.violate(Protocol, "a second first response (type %d after %d)", kind, in.first)
		return acknowledged
	}
	if d.waited(in) > firstResponseWithin {
		d.violate(Protocol, "the first response came %v after the interaction", d.waited(in).Round(time.Millisecond))
		return unknownInteraction
	}
	f := &form{}
	f.fits(in, kind)
	switch kind {
	case answerMessage, answerEdit:
		var old *message
		if kind == answerEdit {
			old = in.source
		}
		f.message(data, files, old)
		would := message{}
		if old != nil {
			would = *old
		}
		if would.change(data, files); would.blank() && f.errors == nil {
			d.violate(Limits, "an empty message as first response")
			return emptyMessage
		}
	case answerDeferred, answerDeferredEdit:
		if kind == answerDeferred && number(data, "flags")&^flagEphemeral != 0 {
			f.wrong(Protocol, "data.flags", "FLAGS", "A deferred response has no flag but EPHEMERAL.")
		}
		for key := range data {
			if key != "flags" && has(data, key) && !isEmpty(data[key]) {
				f.wrong(Protocol, "data."+key, "UNEXPECTED", "A deferred response carries nothing but flags.")
			}
		}
	case answerChoices:
		f.choices(data)
	case answerModal:
		f.modal(data)
	}
	if err := d.result(f, "first response"); err != nil {
		return err
	}
	in.first = kind
	switch kind {
	case answerMessage, answerDeferred:
		m := &message{channel: in.channel, of: in}
		if number(data, "flags")&flagEphemeral != 0 {
			m.only, m.flags = in.reader.user, flagEphemeral
		}
		if kind == answerDeferred {
			m.flags |= flagLoading
			in.pending = true
		} else {
			m.change(data, files)
		}
		in.original = m
		d.post(m)
		in.touch(m)
	case answerEdit:
		in.original = in.source
		d.edit(in.source, data, files)
		in.touch(in.source)
	case answerDeferredEdit:
		in.original, in.pending = in.source, true
	case answerChoices:
		in.choices = list(data, "choices")
	case answerModal:
		in.modal = data
	}
	d.broadcast()
	return nil
}

// fits checks that a type of response may answer a kind of interaction.
func (f *form) fits(in *interaction, kind int) {
	may := map[int][]int{
		kindCommand:      {answerMessage, answerDeferred, answerModal},
		kindComponent:    {answerMessage, answerDeferred, answerDeferredEdit, answerEdit, answerModal},
		kindAutocomplete: {answerChoices},
		kindModal:        {answerMessage, answerDeferred},
	}[in.kind]
	if in.kind == kindModal && in.source != nil {
		may = append(may, answerDeferredEdit, answerEdit)
	}
	if !slices.Contains(may, kind) {
		f.wrong(Protocol, "type", "INTERACTION_TYPE", "An interaction of type %d is not answered by type %d.", in.kind, kind)
	}
}

func isEmpty(v any) bool {
	l, ok := v.([]any)
	return v == "" || v == false || v == float64(0) || ok && len(l) == 0
}

func (in *interaction) touch(m *message) {
	if !slices.Contains(in.touched, m) {
		in.touched = append(in.touched, m)
	}
}

// live returns the interaction of a call under /webhooks.
func (d *Discord) live(c *call) (*interaction, *apiError) {
	in := d.interactions[c.value("token")]
	switch {
	case c.value("app") != d.AppID || in == nil:
		d.violate(Protocol, "%s under a webhook that does not exist", c.Method)
		return nil, unknownWebhook
	case d.now().Sub(in.at) > tokenLives:
		return nil, expiredToken
	case in.first == 0 && (in.deliveries > 0 || in.doubtful):
		return nil, unknownWebhook // it may still be on its way, or have been lost
	case in.first == 0 || in.first == answerChoices:
		d.violate(Protocol, "%s before the first response", c.Method)
		return nil, unknownWebhook
	}
	return in, nil
}

// followUp posts a further message. The first one after a deferral fills that.
func (d *Discord) followUp(c *call) (any, *apiError) {
	in, err := d.live(c)
	if err != nil {
		return nil, err
	}
	f := &form{}
	f.message(c.body(), c.Files, nil)
	private := number(c.body(), "flags")&flagEphemeral != 0
	fills := in.pending && in.first == answerDeferred
	if fills && private != (in.original.only != nil) {
		f.wrong(Protocol, "flags", "EPHEMERAL", "A deferred response has fixed who sees the first message.")
	}
	if err := d.result(f, "follow-up"); err != nil {
		return nil, err
	}
	if empty(c.body(), c.Files) {
		d.violate(Limits, "an empty follow-up")
		return nil, emptyMessage
	}
	if fills {
		in.pending = false
		d.edit(in.original, c.body(), c.Files)
		return in.original.object(), nil
	}
	in.pending = false
	m := &message{channel: in.channel, of: in}
	if private {
		m.only, m.flags = in.reader.user, flagEphemeral
	}
	m.change(c.body(), c.Files)
	d.post(m)
	in.touch(m)
	return m.object(), nil
}

// reply finds a message of the interaction.
func (d *Discord) reply(c *call) (*interaction, *message, *apiError) {
	in, err := d.live(c)
	if err != nil {
		return nil, nil, err
	}
	id := c.value("message")
	if id == "@original" && in.original != nil && !in.original.deleted {
		return in, in.original, nil
	}
	for _, m := range append(slices.Clone(in.touched), in.source) {
		if m != nil && m.id == id && !m.deleted {
			return in, m, nil
		}
	}
	return nil, nil, unknownMessage
}

func (d *Discord) getReply(c *call) (any, *apiError) {
	_, m, err := d.reply(c)
	if err != nil {
		return nil, err
	}
	return m.object(), nil
}

func (d *Discord) editReply(c *call) (any, *apiError) {
	in, m, err := d.reply(c)
	if err != nil {
		return nil, err
	}
	if err := d.tryEdit(m, c); err != nil {
		return nil, err
	}
	if m == in.original {
		in.pending = false
	}
	in.touch(m)
	return m.object(), nil
}

func (d *Discord) deleteReply(c *call) (any, *apiError) {
	in, m, err := d.reply(c)
	if err != nil {
		return nil, err
	}
	if m == in.original {
		in.pending = false
	}
	in.touch(m)
	d.drop(m)
	return nil, nil
}

// answered is how the delivery of an interaction over HTTP has ended. The lock
// is held.
func (d *Discord) answered(in *interaction, status int, body object, files []File) {
	in.deliveries--
	if in.first == 0 || in.status == 0 {
		in.status = status
	}
	good := status == http.StatusAccepted
	if status == http.StatusOK {
		good = d.respond(in, body, files) == nil
	}
	in.failed = !good && in.first == 0 && in.deliveries == 0
	d.broadcast()
}
