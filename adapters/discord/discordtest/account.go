package discordtest

import (
	"slices"
	"strconv"
)

func (d *Discord) getGateway(c *call) (any, *apiError) {
	o := object{"url": d.GatewayURL()}
	if c.Path == "/gateway/bot" {
		o["shards"] = d.gateway.recommended
		o["session_start_limit"] = object{
			"total": 1000, "remaining": max(1000-len(d.gateway.identifies), 0), "reset_after": 86400000,
			"max_concurrency": d.gateway.concurrency,
		}
	}
	return o, nil
}

func (d *Discord) getApplication(*call) (any, *apiError) {
	return object{
		"id": d.AppID, "name": "dogear", "description": "", "icon": nil, "bot_public": true, "bot_require_code_grant": false,
		"verify_key": d.PublicKey(), "flags": 0, "bot": d.self(), "interactions_endpoint_url": nil,
	}, nil
}

func (d *Discord) getGuilds(c *call) (any, *apiError) {
	query := c.http.URL.Query()
	after, _ := strconv.ParseInt(query.Get("after"), 10, 64)
	limit, err := strconv.Atoi(query.Get("limit"))
	if err != nil || limit < 1 || limit > 200 {
		limit = 200
	}
	out := []any{}
	for _, g := range d.sorted() {
		if id, _ := strconv.ParseInt(g.ID, 10, 64); id > after && !g.removed && len(out) < limit {
			out = append(out, g.brief())
		}
	}
	return out, nil
}

// sorted are all guilds by their ids.
func (d *Discord) sorted() []*Guild {
	return slices.SortedFunc(slices.Values(d.guilds), func(a, b *Guild) int {
		x, _ := strconv.ParseInt(a.ID, 10, 64)
		y, _ := strconv.ParseInt(b.ID, 10, 64)
		return int(x - y)
	})
}

// guild finds the guild of a call.
func (d *Discord) guild(c *call) (*Guild, *apiError) {
	for _, g := range d.guilds {
		if g.ID != c.value("guild") {
			continue
		}
		if g.removed {
			return nil, missingAccess
		}
		return g, nil
	}
	return nil, unknownGuild
}

func (d *Discord) getGuild(c *call) (any, *apiError) {
	g, err := d.guild(c)
	if err != nil {
		return nil, err
	}
	return g.full(), nil
}

func (d *Discord) getMember(c *call) (any, *apiError) {
	g, err := d.guild(c)
	if err != nil {
		return nil, err
	}
	for _, r := range g.readers {
		if r.ID == c.value("user") {
			member := r.member()
			delete(member, "permissions") // only interactions and GUILD_CREATE tell them
			return member, nil
		}
	}
	return nil, unknownMember
}

func (d *Discord) openDirect(c *call) (any, *apiError) {
	for _, u := range d.users {
		if u.id == text(c.body(), "recipient_id") {
			return d.direct(u).object(), nil
		}
	}
	return nil, unknownUser
}
