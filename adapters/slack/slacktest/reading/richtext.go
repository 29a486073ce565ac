package reading

import (
	"math"
	"strings"
)

// richText are the parts of a rich text. Nothing in a text of it is read as
// markup; what is live is an element of its own.
var richText = map[string]shape{
	"rich_text_section":      {fields: []field{{"elements", true, joined(list(1, noEnd, typed(runs)))}}},
	"rich_text_quote":        {fields: []field{{"elements", true, joined(list(1, noEnd, typed(runs)))}, border}},
	"rich_text_preformatted": {fields: []field{{"elements", true, joined(list(1, noEnd, typed(codeRuns)))}, border}},
	"rich_text_list": {fields: []field{
		{"style", true, choice("bullet", "ordered")},
		{"elements", true, list(1, noEnd, typed(items))},
		{"indent", false, number(0, 8)},
		{"offset", false, number(0, 1e6)},
		border,
	}},
}

var (
	border = field{"border", false, number(0, 1)}
	style  = field{"style", false, shaped(shape{fields: flags("bold", "italic", "strike", "code", "underline")})}
	marked = field{"style", false, shaped(shape{fields: flags("bold", "italic", "strike", "highlight", "client_highlight", "unlink", "underline")})}
)

func flags(names ...string) []field {
	var out []field
	for _, n := range names {
		out = append(out, field{n, false, flag})
	}
	return out
}

// items are what a list holds.
var items = map[string]shape{"rich_text_section": {fields: []field{{"elements", true, joined(list(1, noEnd, typed(runs)))}}}}

// runs are the elements of a section or a quote, codeRuns those of code.
var (
	runs = map[string]shape{
		"text":      {fields: []field{{"text", true, run}, style}},
		"link":      leads,
		"user":      mention("user_id", "<@", "@"),
		"team":      mention("team_id", "<@", "@"),
		"usergroup": mention("usergroup_id", "<!subteam^", "@"),
		"channel":   mention("channel_id", "<#", "#"),
		"broadcast": {
			fields: []field{{"range", true, choice("here", "channel", "everyone")}, marked},
			rule: func(r *reader, _ string, v map[string]any) {
				r.show(content, "@"+str(v, "range"))
				r.live = append(r.live, "<!"+str(v, "range")+">")
			},
		},
		"emoji": {
			fields: []field{{"name", true, unseen(longestID)}, {"unicode", false, unseen(longestID)}, {"skin_tone", false, number(1, 6)}, style},
			rule: func(r *reader, _ string, v map[string]any) {
				r.show(label, ":"+str(v, "name")+":")
				r.said = append(r.said, " ")
				r.live = append(r.live, ":"+str(v, "name")+":")
			},
		},
		"date": {
			fields: []field{{"timestamp", true, number(0, math.MaxInt64)}, {"format", true, bare(longestText, label)}, {"fallback", false, bare(longestText, label)}, {"url", false, link}, style},
			rule: func(r *reader, _ string, v map[string]any) {
				r.said = append(r.said, " ")
				r.live = append(r.live, "<!date^"+str(v, "format")+">")
			},
		},
		"color": {
			fields: []field{{"value", true, bare(longestID, content)}, style},
			rule:   func(r *reader, _ string, v map[string]any) { r.live = append(r.live, str(v, "value")) },
		},
	}
	codeRuns = map[string]shape{"text": runs["text"], "link": leads}
)

// leads is a link.
var leads = shape{
	fields: []field{{"url", true, unseen(3000)}, {"text", false, run}, {"unsafe", false, flag}, style},
	rule: func(r *reader, _ string, v map[string]any) {
		if str(v, "text") == "" {
			r.show(content, str(v, "url"))
		}
		r.live = append(r.live, "<"+strings.TrimSuffix(str(v, "url")+"|"+str(v, "text"), "|")+">")
	},
}

// joined returns a check that notes what another one finds as one text: words
// go on from one element to the next.
func joined(of check) check {
	return func(r *reader, path string, v any) {
		all := []*[]string{&r.text, &r.aloud, &r.said}
		var from [3]int
		for i, texts := range all {
			from[i] = len(*texts)
		}
		of(r, path, v)
		for i, texts := range all {
			if n := from[i]; len(*texts) > n+1 {
				*texts = append((*texts)[:n], strings.Join((*texts)[n:], ""))
			}
		}
	}
}

// run reads a text, which may be blank but not empty.
func run(r *reader, path string, v any) {
	text, ok := v.(string)
	switch {
	case !ok:
		r.broken(path, "not a string")
		r.unread(v)
	case text == "":
		r.broken(path, "empty")
	}
	r.show(content, text)
}

// mention returns an element that names somebody or something.
func mention(id, opening, sign string) shape {
	return shape{
		fields: []field{{id, true, unseen(longestID)}, marked},
		rule: func(r *reader, _ string, v map[string]any) {
			r.show(content, sign+str(v, id))
			r.live = append(r.live, opening+str(v, id)+">")
		},
	}
}

// str returns a field that is a string, empty where it is none.
func str(v map[string]any, name string) string {
	s, _ := v[name].(string)
	return s
}
