package slacktest

import "crypto/rand"

func (s *Slack) authTest(*Request, object) (object, string) {
	return object{
		"url": s.server.URL + "/", "team": "club", "user": "dogear", "team_id": s.TeamID, "user_id": s.BotUser, "bot_id": s.BotID,
		"is_enterprise_install": false,
	}, ""
}

func (s *Slack) usersInfo(_ *Request, body object) (object, string) {
	if text(body, "user") == s.BotUser {
		return object{"user": s.account(&person{id: s.BotUser, name: "dogear", team: s.TeamID, bot: true})}, ""
	}
	p := s.person(text(body, "user"))
	if p == nil || p.outside {
		return nil, "user_not_found"
	}
	return object{"user": s.account(p)}, ""
}

func (s *Slack) conversationsOpen(_ *Request, body object) (object, string) {
	p := s.person(text(body, "users"))
	switch {
	case p == nil || p.outside:
		return nil, "user_not_found"
	case p.bot:
		return nil, "cannot_dm_bot"
	}
	return object{"channel": object{"id": s.direct(p).ID}}, ""
}

func (s *Slack) connectionsOpen(*Request, object) (object, string) {
	ticket := rand.Text()
	s.socket.tickets[ticket] = true
	s.socket.opens++
	return object{"url": "ws" + s.server.URL[len("http"):] + "/link/?ticket=" + ticket + "&app_id=" + s.AppID}, ""
}
