package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"time"

	"github.com/spf13/pflag"
	"github.com/spf13/viper"
	"go.yaml.in/yaml/v3"
)

// config is everything that can be set. config.yaml.example lists it with its
// defaults.
type config struct {
	Store   string        `yaml:"store" mapstructure:"store"` // empty: a file in the user's data folder
	Club    string        `yaml:"club" mapstructure:"club"`
	Log     logConfig     `yaml:"log" mapstructure:"log"`
	Serve   serveConfig   `yaml:"serve" mapstructure:"serve"`
	Redis   redisConfig   `yaml:"redis" mapstructure:"redis"`
	Discord discordConfig `yaml:"discord" mapstructure:"discord"`
	Slack   slackConfig   `yaml:"slack" mapstructure:"slack"`
}

// serveConfig is what serve offers to whoever operates it.
type serveConfig struct {
	Listen string `yaml:"listen" mapstructure:"listen"` // where health and metrics are; empty: nowhere
	Pprof  bool   `yaml:"pprof" mapstructure:"pprof"`   // profiles, too
}

// defaults returns the settings that hold where nothing else is said.
func defaults() config {
	return config{
		Club:    "local",
		Log:     logConfig{Format: "text"},
		Serve:   serveConfig{Listen: "127.0.0.1:9090"},
		Redis:   redisConfig{Prefix: "dogear:", Timeout: 250 * time.Millisecond},
		Discord: discordConfig{Mode: "gateway", Shards: "auto", Listen: "127.0.0.1:8080", PurgeAfter: 7 * 24 * time.Hour},
		Slack:   slackConfig{Mode: "socket", Listen: "127.0.0.1:8081", PurgeAfter: 7 * 24 * time.Hour},
	}
}

// loadConfig reads the settings: flags before the environment before the
// config file before the defaults. file is empty where the user named none;
// the usual place is looked at then, and need not be there.
func loadConfig(file string, flags *pflag.FlagSet) (config, error) {
	named := file != ""
	if !named {
		if dir, err := os.UserConfigDir(); err == nil {
			file = filepath.Join(dir, "dogear", "config.yaml")
		}
	}
	v := viper.New()
	def := defaults()
	known, err := settings(def)
	if err != nil {
		return config{}, err
	}
	for key, value := range known {
		v.SetDefault(key, value)
	}
	v.SetEnvPrefix("dogear")
	v.SetEnvKeyReplacer(strings.NewReplacer(".", "_"))
	v.AutomaticEnv()
	for _, name := range []string{"store", "club"} {
		if err := v.BindPFlag(name, flags.Lookup(name)); err != nil {
			return config{}, err
		}
	}
	data, err := os.ReadFile(file)
	switch {
	case err == nil:
		if err := strictly(file, data); err != nil {
			return config{}, err
		}
		v.SetConfigType("yaml")
		if err := v.ReadConfig(bytes.NewReader(data)); err != nil {
			return config{}, fmt.Errorf("%s: this is no YAML that can be read", file)
		}
	case named || !errors.Is(err, fs.ErrNotExist):
		return config{}, fmt.Errorf("read config: %w", err)
	}
	var c config
	if err := v.UnmarshalExact(&c); err != nil {
		return config{}, wrongKind(err)
	}
	if err := errors.Join(c.Redis.complete(), c.Discord.complete(), c.Slack.complete()); err != nil {
		return config{}, err
	}
	if c.Club == "" {
		c.Club = def.Club
	}
	if c.Store == "" {
		if c.Store, err = defaultStore(); err != nil {
			return config{}, err
		}
	}
	return c, nil
}

// settings returns a config as viper wants its defaults: it finds in the
// environment only what it knows.
func settings(c config) (known map[string]any, err error) {
	data, err := yaml.Marshal(c)
	if err == nil {
		err = yaml.Unmarshal(data, &known)
	}
	return known, err
}

// wrongKind names the setting whose value is of the wrong kind. Of the value it
// says nothing: it may be a secret put in the wrong place.
func wrongKind(err error) error {
	var field interface{ Name() string }
	if errors.As(err, &field) {
		return fmt.Errorf("read config: the value of %s is of the wrong kind", field.Name())
	}
	return errors.New("read config: a value is of the wrong kind")
}

var (
	unknownKey = regexp.MustCompile(`line (\d+): field (\S+) not found`)
	wrongValue = regexp.MustCompile(`line (\d+): `)
)

// strictly refuses a config file with an unknown key or a value of the wrong
// kind, by file and line. viper keeps no line numbers, so this reads the file
// beside it.
func strictly(file string, data []byte) error {
	dec := yaml.NewDecoder(bytes.NewReader(data))
	dec.KnownFields(true)
	err := dec.Decode(&config{})
	if err == nil || errors.Is(err, io.EOF) {
		return nil
	}
	if m := unknownKey.FindStringSubmatch(err.Error()); m != nil {
		return fmt.Errorf("%s:%s: there is no setting %q", file, m[1], m[2])
	}
	if m := wrongValue.FindStringSubmatch(err.Error()); m != nil {
		// The value itself stays out of it: it may be a secret put in the
		// wrong place.
		return fmt.Errorf("%s:%s: this line is not YAML, or its value is of the wrong kind", file, m[1])
	}
	return fmt.Errorf("%s: this is no YAML that can be read", file)
}

// defaultStore returns the store in the user's data folder.
func defaultStore() (string, error) {
	dir := os.Getenv("XDG_DATA_HOME")
	if dir == "" {
		var err error
		if runtime.GOOS == "windows" || runtime.GOOS == "darwin" {
			dir, err = os.UserConfigDir()
		} else if dir, err = os.UserHomeDir(); err == nil {
			dir = filepath.Join(dir, ".local", "share")
		}
		if err != nil {
			return "", fmt.Errorf("no data folder is known (%w); say where with --store file:PATH", err)
		}
	}
	return "file:" + filepath.Join(dir, "dogear", "dogear.db"), nil
}
