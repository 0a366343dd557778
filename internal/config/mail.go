package config

import (
	"errors"
	"net/mail"
	"net/url"
	"strings"
)

// Mail is how mail leaves; without a server and a folder it waits.
type Mail struct {
	Server   *url.URL // smtp:// or smtps://, with the user's name
	Password string
	From     string // "Name <address>", or an address
	Folder   string // of demonstrations, which keep mail as files
}

// Leaves says whether there is a way for mail.
func (m Mail) Leaves() bool { return m.Server != nil || m.Folder != "" }

func setSMTP(c *Config, v string) error {
	u, err := url.Parse(v)
	if err != nil || (u.Scheme != "smtp" && u.Scheme != "smtps") || u.Hostname() == "" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" {
		return errors.New("must be smtp://user@host:587 or smtps://user@host:465")
	}
	if _, inside := u.User.Password(); inside {
		return errors.New("must not hold the password; HOURGLASS_SMTP_PASSWORD does")
	}
	c.Mail.Server = u
	return nil
}

func setMailFrom(c *Config, v string) error {
	a, err := mail.ParseAddress(v)
	if err != nil || strings.ContainsAny(v, "\r\n") || !strings.Contains(a.Address, "@") {
		return errors.New("must be an address, e.g. Hourglass <no-reply@learn.example.cn>")
	}
	c.Mail.From = v
	return nil
}

// check judges what mail needs beside its server.
func (m Mail) check(c *Config) error {
	if m.Server == nil {
		return nil
	}
	for name, missing := range map[string]bool{"MAIL_FROM": m.From == "", "PUBLIC_URL": c.PublicURL == nil, "SECRET_KEYS": len(c.SecretKeys) == 0} {
		if missing {
			return &Error{Prefix + name, "is not set, and HOURGLASS_SMTP_URL says that mail is sent"}
		}
	}
	return nil
}
