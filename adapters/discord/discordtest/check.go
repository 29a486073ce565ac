package discordtest

import (
	"fmt"
	"slices"
	"strings"
)

// apiError is an error as Discord answers it.
type apiError struct {
	status, code int
	message      string
	errors       object // nil: none by field
}

// Errors of Discord's that the fake gives.
var (
	unauthorized       = &apiError{401, 0, "401: Unauthorized", nil}
	notFound           = &apiError{404, 0, "404: Not Found", nil}
	unknownChannel     = &apiError{404, 10003, "Unknown Channel", nil}
	unknownGuild       = &apiError{404, 10004, "Unknown Guild", nil}
	unknownMember      = &apiError{404, 10007, "Unknown Member", nil}
	unknownMessage     = &apiError{404, 10008, "Unknown Message", nil}
	unknownUser        = &apiError{404, 10013, "Unknown User", nil}
	unknownWebhook     = &apiError{404, 10015, "Unknown Webhook", nil}
	unknownInteraction = &apiError{404, 10062, "Unknown interaction", nil}
	unknownApplication = &apiError{404, 10002, "Unknown Application", nil}
	missingAccess      = &apiError{403, 50001, "Missing Access", nil}
	othersMessage      = &apiError{403, 50005, "Cannot edit a message authored by another user", nil}
	emptyMessage       = &apiError{400, 50006, "Cannot send an empty message", nil}
	expiredToken       = &apiError{401, 50027, "Invalid Webhook Token", nil}
	acknowledged       = &apiError{400, 40060, "Interaction has already been acknowledged.", nil}
	threadArchived     = &apiError{400, 50083, "Thread is archived", nil}
	malformed          = &apiError{400, 50109, "The request body contains invalid JSON.", nil}
)

func (e *apiError) object() object {
	o := object{"code": e.code, "message": e.message}
	if e.errors != nil {
		o["errors"] = e.errors
	}
	return o
}

func (e *apiError) String() string {
	if e.errors == nil {
		return fmt.Sprintf("%d %s", e.code, e.message)
	}
	return fmt.Sprintf("%d %s: %v", e.code, e.message, e.errors)
}

// form collects what is wrong with a payload, field by field.
type form struct {
	errors object
	rules  map[Rule][]string
}

// wrong notes a problem of a field, whose path has dots between its parts.
func (f *form) wrong(rule Rule, path, code, format string, args ...any) {
	what := fmt.Sprintf(format, args...)
	if f.errors == nil {
		f.errors, f.rules = object{}, map[Rule][]string{}
	}
	at := f.errors
	for part := range strings.SplitSeq(path, ".") {
		next, ok := at[part].(object)
		if !ok {
			next = object{}
			at[part] = next
		}
		at = next
	}
	at["_errors"] = append(list(at, "_errors"), object{"code": code, "message": what})
	f.rules[rule] = append(f.rules[rule], path+": "+what)
}

// length checks the length of a text.
func (f *form) length(path, s string, least, most int) {
	if n := units(s); n < least || n > most {
		f.wrong(Limits, path, "BASE_TYPE_BAD_LENGTH", "Must be between %d and %d in length. (%d)", least, most, n)
	}
}

// count checks how many there are of something.
func (f *form) count(path string, n, least, most int) {
	if n < least || n > most {
		f.wrong(Limits, path, "BASE_TYPE_BAD_LENGTH", "Must have between %d and %d. (%d)", least, most, n)
	}
}

// result reports the form's problems to the test, and returns what Discord
// answers; nil: nothing is wrong. The house's own rules refuse nothing where
// they are tolerated. The lock is held.
func (d *Discord) result(f *form, what string) *apiError {
	if f.errors == nil {
		return nil
	}
	refused := false
	for rule, problems := range f.rules {
		for _, p := range problems {
			d.violate(rule, "%s: %s", what, p)
		}
		house := rule == Mentions || rule == Embeds
		refused = refused || !house || !d.tolerates(rule)
	}
	if !refused {
		return nil
	}
	return &apiError{400, 50035, "Invalid Form Body", f.errors}
}

func (d *Discord) tolerates(rule Rule) bool { return slices.Contains(d.tolerated, rule) }

// Limits of messages, in UTF-16 units where they are about text.
const (
	longestContent     = 2000
	longestV2          = 4000
	mostComponents     = 40
	mostRows           = 5
	mostEmbeds         = 10
	longestEmbeds      = 6000
	longestDescription = 4096
	mostFiles          = 10
)

// message checks what a message is to be. The one that it changes is nil where
// it is new.
func (f *form) message(body object, files []File, old *message) {
	flags := number(body, "flags")
	if old != nil {
		if flags&flagEphemeral != 0 && old.only == nil {
			f.wrong(Protocol, "flags", "EPHEMERAL", "The first response has fixed that everybody sees this message.")
		}
		flags |= old.flags & (flagEphemeral | flagV2)
		if !has(body, "flags") {
			flags |= old.flags
		}
	}
	content := text(body, "content")
	if v, ok := body["content"]; ok && v != nil {
		if _, isText := v.(string); !isText {
			f.wrong(Limits, "content", "BASE_TYPE_STRING", "Must be a string.")
		}
	}
	f.length("content", content, 0, longestContent)
	f.embeds(list(body, "embeds"))
	f.count("attachments", max(len(files), len(list(body, "attachments"))), 0, mostFiles)
	v2 := flags&flagV2 != 0
	if v2 && (content != "" || len(list(body, "embeds")) > 0) {
		f.wrong(Limits, "content", "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", "No content and no embeds beside components V2.")
	}
	f.components(list(body, "components"), v2)
	if content == "" && !v2 {
		return
	}
	allowed, _ := body["allowed_mentions"].(object)
	if parse, ok := allowed["parse"].([]any); !ok || len(parse) > 0 || len(list(allowed, "users"))+len(list(allowed, "roles")) > 0 {
		f.wrong(Mentions, "allowed_mentions", "MENTIONS", `must be {"parse":[]}`)
	}
	if content != "" && flags&flagSuppressEmbeds == 0 {
		f.wrong(Embeds, "flags", "EMBEDS", "SUPPRESS_EMBEDS must be set")
	}
}

func (f *form) embeds(embeds []any) {
	f.count("embeds", len(embeds), 0, mostEmbeds)
	total := 0
	for i, v := range embeds {
		e, _ := v.(object)
		path := fmt.Sprintf("embeds.%d.", i)
		check := func(o object, under, key string, most int) {
			f.length(path+under+key, text(o, key), 0, most)
			total += units(text(o, key))
		}
		check(e, "", "title", 256)
		check(e, "", "description", longestDescription)
		footer, _ := e["footer"].(object)
		check(footer, "footer.", "text", 2048)
		author, _ := e["author"].(object)
		check(author, "author.", "name", 256)
		f.count(path+"fields", len(list(e, "fields")), 0, 25)
		for n, v := range list(e, "fields") {
			field, _ := v.(object)
			check(field, fmt.Sprintf("fields.%d.", n), "name", 256)
			check(field, fmt.Sprintf("fields.%d.", n), "value", 1024)
		}
	}
	if total > longestEmbeds {
		f.wrong(Limits, "embeds", "MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds maximum size of %d", longestEmbeds)
	}
}
