package slack

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf16"

	"dogear/adapters/adaptertest"
	"dogear/adapters/slack/slacktest/reading"
	"dogear/bot/reply"
	"dogear/bot/spoiler"
)

// beyond returns what of a payload is more than Slack takes, or is markup. It
// looks at every string, wherever it stands.
func beyond(v any, key string) (flaws []string) {
	switch v := v.(type) {
	case map[string]any:
		kind, _ := v["type"].(string)
		if strings.Contains(kind, "mrkdwn") || strings.Contains(kind, "markdown") || kind == "plain_text" && v["emoji"] != false {
			flaws = append(flaws, fmt.Sprintf("an object of type %q: %.100v", kind, v))
		}
		for k, below := range v {
			most := map[string]int{"button text": 75, "option text": 75, "select placeholder": 150, "section text": 3000}
			within := k
			switch {
			case k == "text" && v["value"] != nil && kind == "":
				within = "option text"
			case strings.HasSuffix(kind, "_select") && k == "placeholder":
				within = "select placeholder"
			case k == "text":
				within = kind + " text"
			}
			if t, ok := below.(map[string]any); ok {
				text, _ := t["text"].(string)
				if n, known := most[within]; known && (text == "" || utf16Len(text) > n) {
					flaws = append(flaws, fmt.Sprintf("%s: %q", within, text))
				}
			}
			flaws = append(flaws, beyond(below, k)...)
		}
		if elements, ok := v["elements"].([]any); ok && (len(elements) == 0 || kind == "actions" && len(elements) > 25) {
			flaws = append(flaws, fmt.Sprintf("%s with %d elements", kind, len(elements)))
		}
		if options, ok := v["options"].([]any); ok && (len(options) == 0 || len(options) > 100) {
			flaws = append(flaws, fmt.Sprintf("%d options", len(options)))
		}
	case []any:
		for _, below := range v {
			flaws = append(flaws, beyond(below, key)...)
		}
	case string:
		most := map[string]int{"action_id": 255, "block_id": 255, "value": 75, "text": 3000}
		if n, known := most[key]; known && (v == "" || utf16Len(v) > n) {
			flaws = append(flaws, fmt.Sprintf("%s: %.100q, %d long", key, v, utf16Len(v)))
		}
	}
	return flaws
}

func utf16Len(s string) int { return len(utf16.Encode([]rune(s))) }

// flawsOf returns what is wrong with what is sent for a document.
func flawsOf(doc reply.Doc) (flaws []string) {
	blocks := func(what string, v any, most, bytes int) {
		data := asJSON(v)
		var all []any
		if err := json.Unmarshal(data, &all); err != nil {
			panic(err)
		}
		if len(all) == 0 || len(all) > most || len(data) > bytes {
			flaws = append(flaws, fmt.Sprintf("%s has %d blocks in %d bytes", what, len(all), len(data)))
		}
		flaws = append(flaws, beyond(all, "")...)
	}
	r := render(doc)
	if len(r.messages) == 0 || len(r.messages) > 4 {
		flaws = append(flaws, fmt.Sprintf("%d messages", len(r.messages)))
	}
	for _, m := range r.messages {
		blocks("a message", m.blocks, 50, 12000)
		if n := utf16Len(m.text); strings.TrimSpace(m.text) == "" || n > 3000 {
			flaws = append(flaws, fmt.Sprintf("a text of %d", n))
		}
		if strings.ContainsAny(m.text, "<>*~`") {
			flaws = append(flaws, fmt.Sprintf("a text with markup: %.200q", m.text))
		}
	}
	v, _ := renderView(doc)
	blocks("a view", v.blocks, 100, 40000)
	if heldBackIn(doc) {
		flaws = append(flaws, "what is safe was held back")
	}
	return flaws
}

// crowded writes a document of hostile and long texts, with everything that a
// document can offer, and more of it than there is room for.
func crowded(seed uint64, decorate string) (reply.Doc, []string) {
	rng := rand.New(rand.NewPCG(seed, 3))
	var canaries []string // of what is covered
	hostile := func() string {
		s := hostileTexts[rng.IntN(len(hostileTexts))]
		if rng.IntN(2) == 0 {
			s = decorate
		}
		if rng.IntN(6) == 0 {
			s = strings.Repeat(s+" a", 1+rng.IntN(2000/(len(s)+1)+1))
		}
		return s
	}
	w := reply.ToReader(spoiler.Horizon{}.With(aBook, 3), []reply.Veil{reply.Tag, reply.Show}[rng.IntN(2)], "TICKET")
	show := rng.IntN(2) == 0
	if show {
		w = reply.ToReader(spoiler.Horizon{}.With(aBook, 3), reply.Tag, "TICKET")
	}
	for range rng.IntN(40) {
		e := reviewed(spoiler.Position(rng.IntN(4)), hostile()+"a"+hostile(), hostile(), hostile())
		switch rng.IntN(10) {
		case 0, 1:
			w.Passage(e)
		case 2, 3:
			if show {
				word := fmt.Sprintf("canary%dx", len(canaries))
				canaries = append(canaries, word)
				w.Passage(reviewed(9, hostile()+word+hostile(), hostile(), hostile()))
			}
		case 4:
			w.Head("About {1}:", reply.Name(hostile()))
		case 5:
			w.List("{1}", reply.Name(hostile()))
		case 6:
			w.Source(rng.IntN(3), e)
		case 7:
			w.Say("{1}", reply.Own(hostile()))
		case 8:
			w.OfferDeed(reply.Deed{Command: "shelf add", Options: map[string]string{"book": fmt.Sprint(rng.IntN(5))}}, reply.Words("Add number {1}", reply.Number(rng.IntN(9))))
		case 9:
			w.OfferDeed(reply.Deed{Command: "progress", Asks: "at"}, reply.Words("I've read further"), numbers(rng.IntN(40))...)
		}
	}
	if rng.IntN(4) == 0 {
		w.Write(reply.Data, reply.Words("{1}", reply.Own(strings.Repeat(hostile()+"\n", rng.IntN(300)))))
	}
	w.OfferChoice(reply.ReadFurther, "I've read further", numbers(rng.IntN(40))...)
	w.OfferChoice(reply.Report, "Report a spoiler", numbers(rng.IntN(40))...)
	if rng.IntN(2) == 0 {
		w.OfferChoice(reply.Decide, "Safe from chapter", numbers(rng.IntN(40))...)
		w.Offer(reply.Confirm, "Yes, show it to me, though it lies far past the place up to which I have read in this book so far")
	}
	return w.Doc(), canaries
}

// numbers are so many choices.
func numbers(n int) (out []reply.Option) {
	for i := range n {
		out = append(out, reply.Option{Value: fmt.Sprint(i), Words: reply.Words("Finished chapter {1}", reply.Number(i))})
	}
	return out
}

// FuzzRender renders documents whose texts hold whatever the fuzzer thinks of:
// nothing covered is sent, what its audience may see they see, nothing is more than
// Slack takes or is read as markup, and nothing is held back, since every text can
// be shown.
func FuzzRender(f *testing.F) {
	for i, decorate := range hostileTexts {
		f.Add(uint64(i), decorate)
	}
	for seed := range uint64(200) {
		f.Add(seed, reading.Hostile(seed))
	}
	f.Fuzz(func(t *testing.T, seed uint64, decorate string) {
		if strings.Contains(decorate, "canary") {
			t.Skip("the canary itself")
		}
		decorate = decorate[:min(len(decorate), 200)]
		found := append(flaws(t, oneSender(), everyRule(), seed, decorate), askedFlaws(t, oneSender(), seed, decorate)...)
		if seed%64 == 0 { // these take long
			adaptertest.Check(t, adaptertest.Adapter{Render: stringsOf, Withholds: true}, seed, decorate)
			found = append(found, crowdedFlaws(seed, decorate)...)
		}
		for _, flaw := range found {
			t.Errorf("seed %d, %.200q: %s", seed, decorate, flaw)
		}
	})
}

// crowdedFlaws returns what is wrong with documents that hold more than there is
// room for, or than they usually do.
func crowdedFlaws(seed uint64, decorate string) (flaws []string) {
	crowd, canaries := crowded(seed, decorate)
	small, _ := adaptertest.Document(seed, seed%2 == 0, reply.Show, decorate)
	for _, doc := range []reply.Doc{crowd, small} {
		flaws = append(flaws, flawsOf(doc)...)
	}
	sent := strings.Join(stringsOf(crowd), "\n")
	for _, word := range canaries {
		if strings.Contains(sent, word) {
			flaws = append(flaws, word+" is sent")
		}
	}
	return flaws
}
