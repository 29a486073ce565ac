package discordtest

import "fmt"

// Types of components.
const (
	typeRow         = 1
	typeButton      = 2
	typeSelect      = 3
	typeInput       = 4
	typeUserSelect  = 5
	typeChannels    = 8
	typeSection     = 9
	typeText        = 10
	typeThumbnail   = 11
	typeContainer   = 17
	typeLabel       = 18
	typeFileUpload  = 19
	styleLink       = 5
	stylePremium    = 6
	longestLabel    = 80
	longestCustomID = 100
	mostItems       = 25
	mostInRow       = 5
	longestTitle    = 45
	longestValue    = 4000
)

// parts is a walk over the components of one message or modal.
type parts struct {
	*form
	ids   map[string]bool
	n     int
	words int // units of text in components V2
}

// components checks those of a message.
func (f *form) components(components []any, v2 bool) {
	p := &parts{form: f, ids: map[string]bool{}}
	if !v2 {
		f.count("components", len(components), 0, mostRows)
	}
	for i, v := range components {
		o, _ := v.(object)
		path := fmt.Sprintf("components.%d", i)
		if !v2 && number(o, "type") != typeRow {
			f.wrong(Limits, path+".type", "UNION_TYPE_CHOICES", "Value of field \"type\" must be one of (1,).")
			continue
		}
		p.part(path, o)
	}
	if v2 {
		f.count("components", p.n, 1, mostComponents)
		if p.words > longestV2 {
			f.wrong(Limits, "components", "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", "Must be %d or fewer in all. (%d)", longestV2, p.words)
		}
	}
}

// part checks one component with all that is in it.
func (p *parts) part(path string, o object) {
	p.n++
	switch kind := number(o, "type"); kind {
	case typeRow:
		p.row(path, o)
	case typeButton:
		p.button(path, o)
	case typeSelect, typeUserSelect, 6, 7, typeChannels:
		p.choice(path, o)
	case typeText:
		p.length(path+".content", text(o, "content"), 1, longestV2)
		p.words += units(text(o, "content"))
	case typeSection, typeThumbnail, 12, 13, 14, typeContainer:
		for i, v := range list(o, "components") {
			inner, _ := v.(object)
			p.part(fmt.Sprintf("%s.components.%d", path, i), inner)
		}
		if inner, ok := o["accessory"].(object); ok {
			p.part(path+".accessory", inner)
		}
	default:
		p.wrong(Limits, path+".type", "UNION_TYPE_CHOICES", "No component of a message is of type %d.", kind)
	}
}

func (p *parts) row(path string, o object) {
	inner := list(o, "components")
	p.count(path+".components", len(inner), 1, mostInRow)
	for i, v := range inner {
		c, _ := v.(object)
		at := fmt.Sprintf("%s.components.%d", path, i)
		switch kind := number(c, "type"); {
		case kind == typeButton:
		case kind == typeSelect, typeUserSelect <= kind && kind <= typeChannels:
			if len(inner) > 1 {
				p.wrong(Limits, path+".components", "COMPONENT_LAYOUT_WIDTH_EXCEEDED", "A select stands alone in its row.")
			}
		default:
			p.wrong(Limits, at+".type", "UNION_TYPE_CHOICES", "No component of a row is of type %d.", kind)
			continue
		}
		p.part(at, c)
	}
}

func (p *parts) button(path string, o object) {
	p.length(path+".label", text(o, "label"), 0, longestLabel)
	style := number(o, "style")
	if text(o, "label") == "" && !has(o, "emoji") && style != stylePremium {
		p.wrong(Limits, path, "BUTTON_COMPONENT_LABEL_REQUIRED", "A button must have a label or an emoji.")
	}
	switch {
	case style < 1 || style > stylePremium:
		p.wrong(Limits, path+".style", "BASE_TYPE_CHOICES", "Value must be one of (1, 2, 3, 4, 5, 6).")
	case style == styleLink:
		if text(o, "url") == "" || text(o, "custom_id") != "" {
			p.wrong(Limits, path, "BUTTON_COMPONENT_URL_REQUIRED", "A link has a url and no custom_id.")
		}
		p.length(path+".url", text(o, "url"), 1, 512)
	case style != stylePremium:
		if text(o, "url") != "" {
			p.wrong(Limits, path, "BUTTON_COMPONENT_CUSTOM_ID_REQUIRED", "A button has a custom_id and no url.")
		}
		p.id(path, o)
	}
}

// id checks a custom_id: there is one, and no other that is the same.
func (p *parts) id(path string, o object) {
	id := text(o, "custom_id")
	p.length(path+".custom_id", id, 1, longestCustomID)
	if p.ids[id] {
		p.wrong(Limits, path+".custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated")
	}
	p.ids[id] = true
}

func (p *parts) choice(path string, o object) {
	p.id(path, o)
	p.length(path+".placeholder", text(o, "placeholder"), 0, 150)
	items := list(o, "options")
	least, most := 1, 1
	if has(o, "min_values") {
		least = number(o, "min_values")
	}
	if has(o, "max_values") {
		most = number(o, "max_values")
	}
	if least < 0 || most < 1 || least > most || most > mostItems {
		p.wrong(Limits, path+".max_values", "BASE_TYPE_BAD_RANGE", "No range of choices: %d to %d.", least, most)
	}
	if number(o, "type") != typeSelect {
		return
	}
	p.count(path+".options", len(items), 1, mostItems)
	if most > len(items) {
		p.wrong(Limits, path+".max_values", "BASE_TYPE_BAD_RANGE", "More than there are options. (%d)", most)
	}
	values, defaults := map[string]bool{}, 0
	for i, v := range items {
		item, _ := v.(object)
		at := fmt.Sprintf("%s.options.%d.", path, i)
		p.length(at+"label", text(item, "label"), 1, 100)
		p.length(at+"value", text(item, "value"), 1, 100)
		p.length(at+"description", text(item, "description"), 0, 100)
		if values[text(item, "value")] {
			p.wrong(Limits, at+"value", "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", "The specified option value is already used")
		}
		values[text(item, "value")] = true
		if flag(item, "default") {
			defaults++
		}
	}
	if defaults > most {
		p.wrong(Limits, path+".options", "SELECT_COMPONENT_TOO_MANY_DEFAULT_VALUES", "More defaults than may be chosen. (%d)", defaults)
	}
}

// modal checks a modal.
func (f *form) modal(o object) {
	f.length("data.title", text(o, "title"), 1, longestTitle)
	f.length("data.custom_id", text(o, "custom_id"), 1, longestCustomID)
	f.count("data.components", len(list(o, "components")), 1, 5)
	p := &parts{form: f, ids: map[string]bool{}}
	for i, v := range list(o, "components") {
		c, _ := v.(object)
		path := fmt.Sprintf("data.components.%d", i)
		switch number(c, "type") {
		case typeRow:
			p.count(path+".components", len(list(c, "components")), 1, 1)
			for _, v := range list(c, "components") {
				input, _ := v.(object)
				p.length(path+".components.0.label", text(input, "label"), 1, longestTitle)
				p.input(path+".components.0", input)
			}
		case typeLabel:
			p.length(path+".label", text(c, "label"), 1, longestTitle)
			p.length(path+".description", text(c, "description"), 0, 100)
			input, _ := c["component"].(object)
			p.input(path+".component", input)
		case typeText:
			p.length(path+".content", text(c, "content"), 1, longestV2)
		default:
			p.wrong(Limits, path+".type", "UNION_TYPE_CHOICES", "No component of a modal is of type %d.", number(c, "type"))
		}
	}
}

func (p *parts) input(path string, o object) {
	switch kind := number(o, "type"); kind {
	case typeSelect, typeUserSelect, 6, 7, typeChannels:
		p.choice(path, o)
		return
	case typeInput:
	case typeFileUpload:
		p.id(path, o)
		return
	default:
		p.wrong(Limits, path+".type", "UNION_TYPE_CHOICES", "No field of a modal is of type %d.", kind)
		return
	}
	p.id(path, o)
	if style := number(o, "style"); style != 1 && style != 2 {
		p.wrong(Limits, path+".style", "BASE_TYPE_CHOICES", "Value must be one of (1, 2).")
	}
	least, most := number(o, "min_length"), longestValue
	if has(o, "max_length") {
		most = number(o, "max_length")
	}
	if least < 0 || most < 1 || most > longestValue || least > most {
		p.wrong(Limits, path+".max_length", "BASE_TYPE_BAD_RANGE", "No range of lengths: %d to %d.", least, most)
	}
	if value := text(o, "value"); value != "" {
		p.length(path+".value", value, least, min(most, longestValue))
	}
	p.length(path+".placeholder", text(o, "placeholder"), 0, 100)
}

// choices checks what an autocompletion offers.
func (f *form) choices(body object) {
	choices, ok := body["choices"].([]any)
	if !ok {
		f.wrong(Limits, "data.choices", "BASE_TYPE_REQUIRED", "This field is required")
		return
	}
	f.count("data.choices", len(choices), 0, mostItems)
	for i, v := range choices {
		c, _ := v.(object)
		path := fmt.Sprintf("data.choices.%d.", i)
		f.length(path+"name", text(c, "name"), 1, 100)
		if s, ok := c["value"].(string); ok {
			f.length(path+"value", s, 1, 100)
		} else if !has(c, "value") {
			f.wrong(Limits, path+"value", "BASE_TYPE_REQUIRED", "This field is required")
		}
	}
}
