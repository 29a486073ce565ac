package slacktest

// view is a modal, or somebody's home of the app.
type view struct {
	id, hash string
	raw      object // as the bot sent it, its blocks named
	owner    *person
	root     string
	previous string
	state    map[string]object // by block and action: what was typed and chosen
	origin   *Channel          // where whoever opened it was; nil: in no channel
	changed  int64
}

// View is a modal or a home as somebody sees it.
type View struct {
	ID, Type, Callback string
	Title              string // of a modal, like the next ones
	Submit, Close      string // the words of the buttons; empty: there is none, and Slack's own
	Metadata           string
	Hash               string
	Blocks             []any // decoded JSON
	State              map[string]any

	v *view
}

func (v *view) view() View {
	return View{
		ID: v.id, Type: text(v.raw, "type"), Callback: text(v.raw, "callback_id"), Title: text(at(v.raw, "title"), "text"),
		Submit: text(at(v.raw, "submit"), "text"), Close: text(at(v.raw, "close"), "text"), Metadata: text(v.raw, "private_metadata"),
		Hash: v.hash, Blocks: clone(list(v.raw, "blocks")), State: at(object{"values": v.values()}, "values"), v: v,
	}
}

// Reads is what a person reads in the view, a line a piece.
func (v View) Reads() string {
	out := reads(v.Blocks)
	for _, label := range []string{v.Submit, v.Close} {
		if label != "" {
			out += "\n" + label
		}
	}
	if v.Title != "" {
		out = v.Title + "\n" + out
	}
	return out
}

// Buttons are the labels of the view's buttons, that which submits it last.
func (v View) Buttons() []string {
	out := buttons(v.Blocks)
	if v.Submit != "" {
		out = append(out, v.Submit)
	}
	return out
}

// Elements are what can be used in the view.
func (v View) Elements() []Element { return elements(v.Blocks) }

// Strings are all strings of the view, keys too, seen or not.
func (v View) Strings() []string {
	return stringsOf(v.Blocks, []string{v.Title, v.Submit, v.Close, v.Callback, v.Metadata})
}

// put sets what a view shows. What was typed stays where block and action are
// the same. The lock is held.
func (s *Slack) put(v *view, raw object) {
	name(list(raw, "blocks"))
	v.raw, v.hash, v.changed = raw, s.newTS()+"."+id("")[:4], s.touch()
	kept := v.state
	v.state = map[string]object{}
	for _, e := range elements(list(raw, "blocks")) {
		if old, ok := kept[e.key()]; ok && text(old, "type") == e.Type {
			v.state[e.key()] = old
		} else if o := e.initial(); o != nil {
			v.state[e.key()] = o
		}
	}
	s.views[v.id] = v
}

// values is the state as an interaction tells.
func (v *view) values() object { return values(list(v.raw, "blocks"), v.state) }

func values(blocks []any, state map[string]object) object {
	out := object{}
	for _, e := range elements(blocks) {
		if o, ok := state[e.key()]; ok {
			if at(out, e.Block) == nil {
				out[e.Block] = object{}
			}
			at(out, e.Block)[e.Action] = clone(o)
		}
	}
	return out
}

// object is a view as Slack tells the bot.
func (v *view) object(s *Slack) object {
	o := object{
		"id": v.id, "team_id": s.TeamID, "app_id": s.AppID, "app_installed_team_id": s.TeamID, "bot_id": s.BotID,
		"hash": v.hash, "state": object{"values": v.values()}, "root_view_id": v.root, "previous_view_id": nil,
		"private_metadata": "", "callback_id": "", "external_id": "", "title": nil, "submit": nil, "close": nil,
		"clear_on_close": false, "notify_on_close": false,
	}
	if v.previous != "" {
		o["previous_view_id"] = v.previous
	}
	for key, value := range clone(v.raw) {
		o[key] = value
	}
	return o
}

// top is the modal that somebody sees; nil: none.
func (p *person) top() *view {
	if len(p.stack) == 0 {
		return nil
	}
	return p.stack[len(p.stack)-1]
}

// open shows somebody a modal: on top of theirs, or alone. The lock is held.
func (s *Slack) open(p *person, raw object, push bool, origin *Channel) *view {
	v := &view{id: id("V"), owner: p, origin: origin}
	v.root = v.id
	if top := p.top(); push && top != nil {
		v.root, v.previous = top.root, top.id
	} else {
		p.stack = nil
	}
	s.put(v, raw)
	p.stack = append(p.stack, v)
	s.broadcast()
	return v
}

// close takes modals off somebody's: the top one, or all. The lock is held.
func (s *Slack) close(p *person, all bool) {
	if n := len(p.stack); n > 0 {
		p.stack = p.stack[:n-1]
	}
	if all {
		p.stack = nil
	}
	p.closed = s.touch()
	s.broadcast()
}

// View returns the modal that the person has before them; false: none.
func (u *User) View() (View, bool) {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	if top := u.p.top(); top != nil {
		return top.view(), true
	}
	return View{}, false
}

// Home returns the person's home of the app; false where none was published.
func (u *User) Home() (View, bool) {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	if u.p.home == nil {
		return View{}, false
	}
	return u.p.home.view(), true
}
