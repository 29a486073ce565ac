package slacktest

import "time"

// trigger is what lets the bot open a view, once and not for long.
type trigger struct {
	owner  *person
	at     time.Time
	used   bool
	within bool     // it comes from a modal
	origin *Channel // nil: from no channel
}

// triggerFor is how long a trigger_id lives.
const triggerFor = 3 * time.Second

// pull makes a trigger. The lock is held.
func (s *Slack) pull(p *person, origin *Channel, within bool) string {
	t := &trigger{owner: p, at: s.now(), within: within, origin: origin}
	if s.lapsed {
		t.at = t.at.Add(-time.Hour)
	}
	name := id("") + "." + id("") + "." + id("")
	s.triggers[name] = t
	return name
}

// ExpireTriggers lets all triggers be expired, those to come as well, until
// KeepTriggers.
func (s *Slack) ExpireTriggers() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lapsed = true
	for _, t := range s.triggers {
		t.at = t.at.Add(-time.Hour)
	}
}

// KeepTriggers lets triggers live again as long as they do.
func (s *Slack) KeepTriggers() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lapsed = false
}

// spend uses a trigger. The lock is held.
func (s *Slack) spend(body object) (*trigger, string) {
	t := s.triggers[text(body, "trigger_id")]
	switch {
	case t == nil:
		s.violate(Protocol, "a trigger_id that there never was")
		return nil, "invalid_trigger_id"
	case t.used:
		return nil, "exchanged_trigger_id"
	case s.now().Sub(t.at) > triggerFor:
		return nil, "expired_trigger_id"
	}
	t.used = true
	return t, ""
}

func (s *Slack) viewsOpen(req *Request, body object) (object, string) {
	return s.viewsShow(req, body, false)
}

func (s *Slack) viewsPush(req *Request, body object) (object, string) {
	return s.viewsShow(req, body, true)
}

func (s *Slack) viewsShow(req *Request, body object, push bool) (object, string) {
	if why := s.checkView(req.Method, at(body, "view"), "modal"); why != "" {
		return nil, why
	}
	t, why := s.spend(body)
	switch {
	case why != "":
		return nil, why
	case push && !t.within:
		s.violate(Protocol, "views.push with a trigger that no modal has pulled")
		return nil, "invalid_trigger_id"
	case push && len(t.owner.stack) >= 3:
		s.violate(Limits, "views.push: a fourth modal")
		return nil, "push_limit_reached"
	}
	req.Only = t.owner.id
	v := s.open(t.owner, clone(at(body, "view")), push, t.origin)
	return object{"view": v.object(s)}, ""
}

func (s *Slack) viewsUpdate(req *Request, body object) (object, string) {
	v := s.views[text(body, "view_id")]
	if ext := text(body, "external_id"); v == nil && ext != "" {
		for _, other := range s.views {
			if text(other.raw, "external_id") == ext {
				v = other
			}
		}
	}
	open := false
	for _, p := range s.people {
		for _, other := range p.stack {
			open = open || other == v
		}
		open = open || p.home != nil && p.home == v
	}
	if v == nil || !open {
		return nil, "not_found"
	}
	if why := s.checkView(req.Method, at(body, "view"), text(v.raw, "type")); why != "" {
		return nil, why
	}
	if h := text(body, "hash"); h != "" && h != v.hash {
		return nil, "hash_conflict"
	}
	req.Only = v.owner.id
	s.put(v, clone(at(body, "view")))
	return object{"view": v.object(s)}, ""
}

func (s *Slack) viewsPublish(req *Request, body object) (object, string) {
	if why := s.checkView(req.Method, at(body, "view"), "home"); why != "" {
		return nil, why
	}
	p := s.person(text(body, "user_id"))
	if p == nil || p.outside {
		return nil, "user_not_found"
	}
	if h := text(body, "hash"); h != "" && (p.home == nil || h != p.home.hash) {
		return nil, "hash_conflict"
	}
	if p.home == nil {
		p.home = &view{id: id("V"), owner: p}
		p.home.root = p.home.id
	}
	req.Only = p.id
	s.put(p.home, clone(at(body, "view")))
	return object{"view": p.home.object(s)}, ""
}

// checkView returns why a view is refused; empty: it is not.
func (s *Slack) checkView(method string, view object, surface string) string {
	k := &check{surface: surface}
	k.view(view)
	for _, what := range k.breaches {
		s.violate(Limits, "%s: %s", method, what)
	}
	if len(k.breaches) > 0 {
		return "invalid_arguments"
	}
	return ""
}
