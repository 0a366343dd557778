package config

import (
	"encoding/base64"
	"errors"
	"strings"
	"testing"
)

func good() map[string]string {
	return map[string]string{
		"HOURGLASS_PUBLIC_URL":    "https://learn.example.cn",
		"HOURGLASS_DATABASE_URL":  "postgres://u:s3cret@db/hourglass",
		"HOURGLASS_REDIS_URL":     "redis://:s3cret@cache:6379",
		"HOURGLASS_OBJECTS":       "s3://files?endpoint=http://minio:9000&region=us-east-1",
		"HOURGLASS_S3_ACCESS_KEY": "s3cret-a",
		"HOURGLASS_S3_SECRET_KEY": "s3cret-b",
		"HOURGLASS_SECRET_KEYS":   "a:" + base64.StdEncoding.EncodeToString(make([]byte, 32)),
		"HOURGLASS_LEDGER_KEY":    "s3cret-c",
	}
}

var needed = []string{"PUBLIC_URL", "DATABASE_URL", "REDIS_URL", "OBJECTS", "SECRET_KEYS", "LEDGER_KEY"}

func TestAWrongOrMissingSettingIsNamedInOneLine(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, setting, value, says string }{
		{"no database", "DATABASE_URL", "", "is not set"},
		{"another database", "DATABASE_URL", "mysql://u:s3cret@db", "must begin with postgres://"},
		{"no public address", "PUBLIC_URL", "", "is not set"},
		{"a public address without a scheme", "PUBLIC_URL", "learn.example.cn", "http"},
		{"a public address with a path", "PUBLIC_URL", "https://example.cn/learn", "must not have a path"},
		{"a relative folder", "OBJECTS", "disk://files", "absolute path"},
		{"a bucket without an endpoint", "OBJECTS", "s3://files", "endpoint"},
		{"a bucket without its key", "S3_ACCESS_KEY", "", "is not set"},
		{"a bucket without its secret", "S3_SECRET_KEY", "", "is not set"},
		{"a key that is not base64", "SECRET_KEYS", "a:s3cret!", "id:base64"},
		{"a key that is too short", "SECRET_KEYS", "a:c2VjcmV0", "shorter than 32"},
		{"two keys of one name", "SECRET_KEYS", good()["HOURGLASS_SECRET_KEYS"] + "," + good()["HOURGLASS_SECRET_KEYS"], "twice"},
		{"a port that is none", "LISTEN", "127.0.0.1:http2", "address:port"},
		{"a port out of range", "LISTEN", ":70000", "address:port"},
		{"a proxy that is no network", "TRUSTED_PROXIES", "10.0.0.1", "10.0.0.0/8"},
		{"too many connections", "DATABASE_MAX_CONNS", "100000", "from 2 to 1000"},
		{"a mail server of another kind", "SMTP_URL", "imap://mail.example.cn", "smtps://"},
		{"a mail server's password in its address", "SMTP_URL", "smtp://u:s3cret@mail.example.cn", "HOURGLASS_SMTP_PASSWORD"},
		{"a sender that is none", "MAIL_FROM", "nobody", "must be an address"},
		{"an unknown level", "LOG_LEVEL", "loud", "debug"},
		{"an unknown format", "LOG_FORMAT", "xml", "json or text"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			env := good()
			env["HOURGLASS_"+tc.setting] = tc.value
			_, err := Load(func(k string) string { return env[k] }, needed...)
			var named *Error
			if !errors.As(err, &named) || named.Name != "HOURGLASS_"+tc.setting {
				t.Fatalf("error %v does not name HOURGLASS_%s", err, tc.setting)
			}
			if text := err.Error(); !strings.Contains(text, tc.says) || strings.Contains(text, "\n") || strings.Contains(text, "s3cret") {
				t.Errorf("error %q, want one line that says %q without secrets", text, tc.says)
			}
		})
	}
}

func TestAGoodEnvironmentIsRead(t *testing.T) {
	t.Parallel()
	env := good()
	c, err := Load(func(k string) string { return env[k] }, needed...)
	if err != nil {
		t.Fatal(err)
	}
	if c.Objects.Bucket != "files" || c.Objects.Endpoint.Host != "minio:9000" || c.Listen != "127.0.0.1:8080" || len(c.SecretKeys) != 1 || c.DatabaseConns != 16 {
		t.Errorf("read as %+v", c)
	}
}

func TestDescribingHidesEverySecret(t *testing.T) {
	t.Parallel()
	env := good()
	seen := 0
	for _, d := range Describe(func(k string) string { return env[k] }) {
		if strings.Contains(d.Value, "s3cret") || strings.Contains(d.Problem, "s3cret") {
			t.Errorf("%s shows %q", d.Name, d.Value)
		}
		if d.Meaning == "" {
			t.Errorf("%s does not say what it means", d.Name)
		}
		if d.Set {
			seen++
		}
	}
	if seen != len(env) {
		t.Errorf("%d of %d set values are described", seen, len(env))
	}
}

func TestMailNeedsASender(t *testing.T) {
	t.Parallel()
	env := good()
	env["HOURGLASS_SMTP_URL"] = "smtp://relay@mail.example.cn:587"
	_, err := Load(func(k string) string { return env[k] }, needed...)
	var named *Error
	if !errors.As(err, &named) || named.Name != "HOURGLASS_MAIL_FROM" {
		t.Fatalf("error %v", err)
	}
	env["HOURGLASS_MAIL_FROM"] = "学时 <no-reply@example.cn>"
	c, err := Load(func(k string) string { return env[k] }, needed...)
	if err != nil || !c.Mail.Leaves() || c.Mail.Server.User.Username() != "relay" {
		t.Fatalf("%+v %v", c, err)
	}
}
