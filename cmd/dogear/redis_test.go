package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestRedisConfig reads the settings for Redis from the file, the environment
// and a password's own file.
func TestRedisConfig(t *testing.T) {
	dir := t.TempDir()
	password := filepath.Join(dir, "password")
	if err := os.WriteFile(password, []byte("of file\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "config.yaml")
	yaml := "redis:\n  username: ann\n  timeout: 2s\n  sentinel:\n    password_file: " + password + "\n"
	if err := os.WriteFile(file, []byte(yaml), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("DOGEAR_REDIS_PASSWORD", "of env")
	t.Setenv("DOGEAR_REDIS_POOL", "7")
	t.Setenv("DOGEAR_REDIS_TIMEOUT", "3s")
	t.Setenv("DOGEAR_REDIS_TLS_CA_FILE", "ca.pem")
	t.Setenv("DOGEAR_SERVE_PPROF", "true")
	c, err := loadConfig(file, testFlags(t))
	if err != nil {
		t.Fatal(err)
	}
	want := defaults().Redis
	want.Auth = credentials{Username: "ann", Password: "of env"}
	want.Pool, want.Timeout, want.TLS.CAFile = 7, 3*time.Second, "ca.pem"
	want.Sentinel = credentials{Password: "of file", PasswordFile: password}
	if c.Redis != want {
		t.Errorf("got %+v, want %+v", c.Redis, want)
	}
	if !c.Serve.Pprof {
		t.Error("serve.pprof is not read from the environment")
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
		if s := fmt.Sprintf(verb, c); strings.Contains(s, "of env") || strings.Contains(s, "of file") {
			t.Errorf("%s prints a password: %s", verb, s)
		}
	}
}

// TestBadRedisConfig shows that what is wrong is named, and never repeated.
func TestBadRedisConfig(t *testing.T) {
	dir := t.TempDir()
	empty := filepath.Join(dir, "empty")
	if err := os.WriteFile(empty, []byte("\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, yaml string
		env        map[string]string
		want       string
	}{
		{"both", "redis:\n  password: s3cret\n  password_file: f\n", nil, "redis: set password or password_file, not both"},
		{"both of the sentinel", "redis:\n  sentinel:\n    password_file: f\n", map[string]string{"DOGEAR_REDIS_SENTINEL_PASSWORD": "s3cret"}, "redis.sentinel: set"},
		{"no such file", "redis:\n  password_file: " + dir + "/s3cret\n", nil, "redis.password_file: "},
		{"empty file", "redis:\n  password_file: " + empty + "\n", nil, "is empty"},
		{"a time without a unit", "redis:\n  timeout: 250\n", nil, "config.yaml:2: "},
		{"no time at all", "redis:\n  timeout: 0s\n", nil, "redis.timeout: want"},
		{"no time", "redis:\n  timeout: s3cret\n", nil, "config.yaml:2: "},
		{"half a certificate", "redis:\n  tls:\n    cert_file: f\n", nil, "go together"},
		{"negative pool", "redis:\n  pool: -1\n", nil, "redis.pool: want"},
		{"negative replicas", "redis:\n  wait_replicas: -1\n", nil, "redis.wait_replicas: want"},
		{"a secret in the wrong place", "", map[string]string{"DOGEAR_REDIS_POOL": "s3cret"}, "redis.pool is of the wrong kind"},
		{"a secret as a time", "", map[string]string{"DOGEAR_REDIS_TIMEOUT": "s3cret"}, "redis.timeout is of the wrong kind"},
		{"a secret as a yes", "", map[string]string{"DOGEAR_SERVE_PPROF": "s3cret"}, "serve.pprof is of the wrong kind"},
	} {
		t.Run(c.name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "config.yaml")
			if err := os.WriteFile(file, []byte(c.yaml), 0o600); err != nil {
				t.Fatal(err)
			}
			for name, value := range c.env {
				t.Setenv(name, value)
			}
			_, err := loadConfig(file, testFlags(t))
			if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "s3cret") {
				t.Errorf("got %v, want %q in it", err, c.want)
			}
		})
	}
}
