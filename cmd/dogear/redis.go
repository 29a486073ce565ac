package main

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"dogear/store/redis"
)

// redisConfig is how to speak to Redis, where that is the store.
type redisConfig struct {
	Prefix       string        `yaml:"prefix" mapstructure:"prefix"` // of every key
	Auth         credentials   `yaml:",inline" mapstructure:",squash"`
	Timeout      time.Duration `yaml:"timeout" mapstructure:"timeout"`             // of one call
	Pool         int           `yaml:"pool" mapstructure:"pool"`                   // connections; 0: 64, or 10 a core
	WaitReplicas int           `yaml:"wait_replicas" mapstructure:"wait_replicas"` // that must have a change before it is acknowledged
	TLS          tlsConfig     `yaml:"tls" mapstructure:"tls"`
	Sentinel     credentials   `yaml:"sentinel" mapstructure:"sentinel"` // for the sentinels themselves
}

// credentials say who dogear is to a server. The zero credentials are nobody.
type credentials struct {
	Username     string `yaml:"username" mapstructure:"username"`
	Password     secret `yaml:"password" mapstructure:"password"`
	PasswordFile string `yaml:"password_file" mapstructure:"password_file"` // holds the password instead
}

// tlsConfig is what an encrypted connection needs beside what the system knows.
type tlsConfig struct {
	CAFile     string `yaml:"ca_file" mapstructure:"ca_file"`         // empty: the system's authorities
	CertFile   string `yaml:"cert_file" mapstructure:"cert_file"`     // of the client; empty: none
	KeyFile    string `yaml:"key_file" mapstructure:"key_file"`       // of that certificate
	ServerName string `yaml:"server_name" mapstructure:"server_name"` // empty: the name that was dialled
}

// secret is a text that is not printed.
type secret string

func (s secret) String() string   { return "(secret)" }
func (s secret) GoString() string { return s.String() }

// complete reads the passwords that are kept in files, and refuses settings
// that contradict each other.
func (r *redisConfig) complete() error {
	switch {
	case r.Timeout < time.Millisecond:
		return errors.New("redis.timeout: want a time such as 250ms")
	case r.Pool < 0:
		return errors.New("redis.pool: want a number of connections, or 0")
	case r.WaitReplicas < 0:
		return errors.New("redis.wait_replicas: want a number of replicas, or 0")
	case (r.TLS.CertFile == "") != (r.TLS.KeyFile == ""):
		return errors.New("redis.tls: cert_file and key_file go together")
	}
	return errors.Join(r.Auth.complete("redis"), r.Sentinel.complete("redis.sentinel"))
}

// options returns the settings as the store takes them. It reads the files of
// certificates.
func (r *redisConfig) options() (redis.Options, error) {
	secure, err := r.TLS.config()
	if err != nil {
		return redis.Options{}, err
	}
	return redis.Options{
		Prefix: r.Prefix, Username: r.Auth.Username, Password: string(r.Auth.Password),
		SentinelUsername: r.Sentinel.Username, SentinelPassword: string(r.Sentinel.Password),
		TLS: secure, Timeout: r.Timeout, Pool: r.Pool, WaitReplicas: r.WaitReplicas,
	}, nil
}

// config returns nil where nothing is set.
func (t tlsConfig) config() (*tls.Config, error) {
	if t == (tlsConfig{}) {
		return nil, nil
	}
	out := &tls.Config{MinVersion: tls.VersionTLS12, ServerName: t.ServerName}
	if t.CAFile != "" {
		data, err := os.ReadFile(t.CAFile)
		if err != nil {
			return nil, fmt.Errorf("redis.tls.ca_file: %w", plainError(err))
		}
		out.RootCAs = x509.NewCertPool()
		if !out.RootCAs.AppendCertsFromPEM(data) {
			return nil, errors.New("redis.tls.ca_file: holds no certificate")
		}
	}
	if t.CertFile != "" {
		cert, err := tls.LoadX509KeyPair(t.CertFile, t.KeyFile)
		if err != nil {
			return nil, errors.New("redis.tls: cert_file and key_file are no certificate with its key")
		}
		out.Certificates = []tls.Certificate{cert}
	}
	return out, nil
}

func (c *credentials) complete(section string) error {
	return c.Password.orFrom(c.PasswordFile, section, "password")
}

// orFrom reads a secret from the file that is named instead of it, if one is.
func (s *secret) orFrom(file, section, name string) error {
	if file == "" {
		return nil
	}
	if *s != "" {
		return fmt.Errorf("%s: set %s or %s_file, not both", section, name, name)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("%s.%s_file: %w", section, name, plainError(err))
	}
	if *s = secret(strings.TrimRight(string(data), "\r\n")); *s == "" {
		return fmt.Errorf("%s.%s_file: is empty", section, name)
	}
	return nil
}
