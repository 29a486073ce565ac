package redis_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dogear/store/redis"
	"dogear/store/redistest"
)

// certified is a certificate that vouches for itself, in a server's files.
type certified struct {
	cert, key string // names of files
	pool      *x509.CertPool
}

// certify makes a certificate of the address that servers of tests have.
func certify(t *testing.T) certified {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "redis"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	c := certified{filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem"), x509.NewCertPool()}
	for name, block := range map[string]*pem.Block{c.cert: {Type: "CERTIFICATE", Bytes: cert}, c.key: {Type: "PRIVATE KEY", Bytes: private}} {
		if err := os.WriteFile(name, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if parsed, err := x509.ParseCertificate(cert); err != nil {
		t.Fatal(err)
	} else {
		c.pool.AddCert(parsed)
	}
	return c
}

// secure has a server take TLS connections, too, and returns where.
func (c certified) secure(t *testing.T, server *redistest.Server) string {
	t.Helper()
	if _, err := server.Try("CONFIG", "GET", "tls-port"); err != nil || len(server.Do(t, "CONFIG", "GET", "tls-port").([]any)) == 0 {
		t.Skip("this redis-server knows no TLS")
	}
	for range 5 {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		at := l.Addr().String()
		l.Close() // another may be faster
		_, port, _ := net.SplitHostPort(at)
		_, err = server.Try("CONFIG", "SET", "tls-cert-file", c.cert, "tls-key-file", c.key, "tls-ca-cert-file", c.cert, "tls-auth-clients", "no", "tls-port", port)
		if err == nil {
			return at
		}
		t.Log(err)
	}
	t.Fatal("no port for TLS")
	return ""
}

// TestTLS: who the server is counts, and nothing goes without.
func TestTLS(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t)
	cert := certify(t)
	at := cert.secure(t, server)
	furnish(newDesk(t, "rediss://"+at, redis.Options{TLS: &tls.Config{RootCAs: cert.pool}, Timeout: 5 * time.Second}))
	for name, c := range map[string]struct {
		url  string
		tls  *tls.Config
		want string
	}{
		"unknown certificate": {"rediss://" + at, nil, "certificate"},
		"of another name":     {"rediss://" + at, &tls.Config{RootCAs: cert.pool, ServerName: "other.example"}, "certificate"},
		"TLS to a plain port": {"rediss://" + server.Addr(), &tls.Config{RootCAs: cert.pool}, "no answer"}, // it waits for a line to end
		"plain to a TLS port": {"redis://" + at, nil, "closed|reset|no answer"},
	} {
		t.Run(name, func(t *testing.T) {
			options := redis.Options{TLS: c.tls}
			if c.want != "certificate" {
				options.Timeout = time.Second // nobody answers
			}
			newDesk(t, c.url, options).silent("redis: .*(" + c.want + ")|has not answered")
		})
	}
}

// TestUnix: a server beside the program, without a network.
func TestUnix(t *testing.T) {
	t.Parallel()
	dir, err := os.MkdirTemp("", "redis") // a socket's path must be short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	socket := filepath.Join(dir, "a@b.sock")
	server := redistest.Start(t, "unixsocket "+socket, "requirepass "+secret)
	furnish(newDesk(t, "unix://"+socket, redis.Options{Password: secret}))
	furnish(newDesk(t, "unix://:"+secret+"@"+socket+"?db=3", redis.Options{}))
	if n := len(server.Keys(t)); n == 0 {
		t.Error("nothing is in the database 0")
	}
	if got := server.Do(t, "INFO", "keyspace").(string); !strings.Contains(got, "db3:") {
		t.Errorf("nothing is in the database 3: %s", got)
	}
}

// TestDatabase: databases of one server have nothing to do with each other, nor
// have prefixes.
func TestDatabase(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t)
	var all []*desk
	for i := range 3 {
		all = append(all, furnish(newDesk(t, fmt.Sprint("redis://", server.Addr(), "/", i), redis.Options{})))
	}
	all = append(all, furnish(newDesk(t, server.URL(), redis.Options{Prefix: "other:"})))
	for i, d := range all {
		d.sees(d.say(eve, fmt.Sprint("progress ", 4+i)), "Saved.")
	}
	for i, d := range all {
		d.sees(d.say(eve, "progress"), fmt.Sprintf("chapter %d of 23", 4+i))
	}
}

// TestUser: the user of the address goes before that of the options.
func TestUser(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t)
	server.Do(t, "ACL", "SETUSER", "reader%/@", "on", ">"+secret+"@/?#", "~dogear:*", "&dogear:*", "+@all")
	server.Do(t, "CONFIG", "SET", "requirepass", secret) // not for the user
	furnish(newDesk(t, "redis://reader%25%2f%40:"+secret+"%40%2f%3f%23@"+server.Addr(), redis.Options{Username: "nobody", Password: canary}))
	furnish(newDesk(t, "redis://"+server.Addr(), redis.Options{Username: "reader%/@", Password: secret + "@/?#"}))
	furnish(newDesk(t, "redis://:"+secret+"@"+server.Addr(), redis.Options{}))
}
