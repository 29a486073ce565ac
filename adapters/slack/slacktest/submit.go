package slacktest

// Submit fills a modal as Fill does, and submits it.
func (u *User) Submit(v View, with map[string]string) Seen {
	u.s.t.Helper()
	u.fill(v, with)
	u.s.mu.Lock()
	p, ok := u.spot(v, false)
	if !ok {
		u.s.mu.Unlock()
		return Seen{}
	}
	if text(at(p.v.raw, "submit"), "text") == "" {
		u.s.violate(Answers, "%s can't submit what has no button for it", u.Name)
	}
	for _, e := range elements(p.blocks()) {
		if e.input && !e.optional && e.empty(p.v.state[e.key()]) {
			u.s.violate(Answers, "%s must fill in %q", u.Name, e.Label)
			u.s.mu.Unlock()
			return Seen{}
		}
	}
	a := u.act(p.channel(), p.v)
	a.tell(u.submission(a, p.v, p.v.object(u.s)))
	u.s.mu.Unlock()
	return a.settle()
}

// SubmitRaw submits a modal with a state that nobody could enter, and with any
// other keys of the view, as a person's own client might. The test does not fail
// where nothing comes of it.
func (u *User) SubmitRaw(v View, view map[string]any) Seen {
	u.s.t.Helper()
	u.s.mu.Lock()
	o := v.v.object(u.s)
	for key, value := range clone(view) {
		o[key] = value
	}
	idle := u.Unanswered()
	a := idle.act(v.v.origin, v.v)
	a.tell(idle.submission(a, v.v, o))
	u.s.mu.Unlock()
	return a.settle()
}

func (u *User) submission(a *act, v *view, as object) *delivery {
	o := u.interaction("view_submission")
	o["view"], o["response_urls"] = as, []any{}
	o["trigger_id"] = u.s.pull(u.p, v.origin, true)
	if u.p.guest {
		o["team"] = object{"id": u.p.team, "domain": "elsewhere"}
	}
	return &delivery{kind: kindInteraction, payload: o, accepts: true, answer: func(answer any, req *Request) {
		u.s.submitted(a, v, answer)
	}}
}

// submitted does what the answer to a submission asks for. The lock is held.
func (s *Slack) submitted(a *act, v *view, answer any) {
	p := v.owner
	o, ok := answer.(object)
	switch action := text(o, "response_action"); {
	case answer == nil:
		s.close(p, false)
	case !ok:
		s.violate(Protocol, "a submission is answered with no object")
	case action == "clear":
		s.close(p, true)
	case action == "errors":
		a.errors = map[string]string{}
		inputs := map[string]bool{}
		for _, e := range elements(list(v.raw, "blocks")) {
			inputs[e.Block] = inputs[e.Block] || e.input
		}
		for block, why := range at(o, "errors") {
			if words, _ := why.(string); words == "" || !inputs[block] {
				s.violate(Protocol, "an error of a submission names no input's block, or says nothing")
			} else {
				a.errors[block] = words
			}
		}
		if len(a.errors) == 0 {
			s.violate(Protocol, "a submission is answered with no errors")
		}
	case action == "update", action == "push":
		if s.checkView("response_action "+action, at(o, "view"), "modal") != "" {
			return
		}
		switch {
		case action == "update":
			s.put(v, clone(at(o, "view")))
		case len(p.stack) >= 3:
			s.violate(Limits, "response_action push: a fourth modal")
		default:
			s.open(p, clone(at(o, "view")), true, v.origin)
		}
	default:
		s.violate(Protocol, "a submission is answered with response_action %q", action)
	}
}

// Close closes the modal before the person. The bot hears of it where it has asked
// for that.
func (u *User) Close() {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	top := u.p.top()
	if top == nil {
		return
	}
	if flag(top.raw, "notify_on_close") {
		o := u.interaction("view_closed")
		o["view"], o["is_cleared"] = top.object(u.s), false
		u.s.deliver(&delivery{kind: kindInteraction, payload: o})
	}
	u.s.close(u.p, false)
}
