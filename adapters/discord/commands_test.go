package discord

import (
	"strings"
	"testing"

	"github.com/bwmarrin/discordgo"

	"dogear/bot"
	"dogear/bot/reply"
)

// all yields a command's options and those below them.
func all(options []*discordgo.ApplicationCommandOption, yield func(*discordgo.ApplicationCommandOption)) {
	for _, o := range options {
		yield(o)
		all(o.Options, yield)
	}
}

// TestTable shows that the core's one table becomes Discord's: everything in
// it that is not done from a reply, in whole words.
func TestTable(t *testing.T) {
	made := map[string]bool{}
	for _, c := range commands() {
		if own := c.DefaultMemberPermissions != nil; own != (c.Name == "club") {
			t.Errorf("/%s is for those who manage the server: %v", c.Name, own)
		}
		if strings.HasSuffix(c.Description, "…") {
			t.Errorf("/%s is described in part: %s", c.Name, c.Description)
		}
		grouped := false
		all(c.Options, func(o *discordgo.ApplicationCommandOption) {
			if strings.HasSuffix(o.Description, "…") {
				t.Errorf("%s of /%s is described in part: %s", o.Name, c.Name, o.Description)
			}
			if o.Name == "ticket" {
				t.Errorf("/%s takes a ticket", c.Name)
			}
			if o.Type == discordgo.ApplicationCommandOptionSubCommand {
				made[c.Name+" "+o.Name], grouped = true, true
			}
		})
		if !grouped {
			made[c.Name] = true
		}
	}
	for _, c := range bot.Commands() {
		if made[c.Name] == (c.OfReply() || c.Hidden) {
			t.Errorf("/%s is a command: %v; done from a reply: %v; hidden: %v", c.Name, made[c.Name], c.OfReply(), c.Hidden)
		}
	}
}

// TestTranslated shows that Discord is told what a language calls a command and
// says of it.
func TestTranslated(t *testing.T) {
	l, err := reply.ReadLanguage("sv.yaml", []byte("words:\n  see the books: se böckerna\ncommands:\n  book: bok\n  list: lista\n"), nil)
	if err != nil {
		t.Fatal(err)
	}
	reply.Teach(l)
	for _, c := range commands() {
		if c.Name != "book" {
			continue
		}
		if got := (*c.NameLocalizations)[discordgo.Swedish]; got != "bok" {
			t.Errorf("/book is called %q", got)
		}
		if got := c.Options[0].NameLocalizations[discordgo.Swedish]; got != "lista" {
			t.Errorf("list is called %q", got)
		}
		if got := c.Options[0].DescriptionLocalizations; got[discordgo.Swedish] != "se böckerna" || len(got) != 1 {
			t.Errorf("it is described as %q", got)
		}
	}
}

// TestAlike shows what counts as a command that Discord has already.
func TestAlike(t *testing.T) {
	there := commands()
	for _, c := range there { // what Discord adds, and how it says that there is none
		c.ID, c.ApplicationID, c.Version = "1", "2", "3"
		c.Options = append([]*discordgo.ApplicationCommandOption{}, c.Options...)
		no := false
		c.NSFW = &no
	}
	if same, err := alike(there, commands()); err != nil || !same {
		t.Errorf("the same commands: %v, %v", same, err)
	}
	for name, change := range map[string]func([]*discordgo.ApplicationCommand) []*discordgo.ApplicationCommand{
		"one is gone": func(a []*discordgo.ApplicationCommand) []*discordgo.ApplicationCommand { return a[1:] },
		"one is more": func(a []*discordgo.ApplicationCommand) []*discordgo.ApplicationCommand {
			return append(a, &discordgo.ApplicationCommand{Name: "more"})
		},
		"a description": func(a []*discordgo.ApplicationCommand) []*discordgo.ApplicationCommand {
			a[0].Description += "!"
			return a
		},
		"an option of an option": func(a []*discordgo.ApplicationCommand) []*discordgo.ApplicationCommand {
			for _, c := range a {
				if c.Name == "club" {
					c.Options[0].Options[0].Required = !c.Options[0].Options[0].Required
				}
			}
			return a
		},
		"the order of options": func(a []*discordgo.ApplicationCommand) []*discordgo.ApplicationCommand {
			a[0].Options[0], a[0].Options[1] = a[0].Options[1], a[0].Options[0]
			return a
		},
		"who may": func(a []*discordgo.ApplicationCommand) []*discordgo.ApplicationCommand {
			for _, c := range a {
				c.DefaultMemberPermissions = nil
			}
			return a
		},
	} {
		if same, err := alike(change(commands()), commands()); err != nil || same {
			t.Errorf("%s: %v, %v", name, same, err)
		}
	}
}
