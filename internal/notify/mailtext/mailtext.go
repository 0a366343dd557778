// Package mailtext writes mails: subject, text and HTML, in the reader's language.
package mailtext

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"strings"
	"time"

	"github.com/hourglass-lms/hourglass/internal/notify"
)

// Letter is a mail's words.
type Letter struct {
	Subject string
	Text    string
	HTML    string
}

// Item is one notice of a mail with the whole address it leads to.
type Item struct {
	Notice notify.Notice
	Link   string // "": nowhere
}

// Options are what a mail is written for.
type Options struct {
	Locale string
	Zone   *time.Location
	// Home is the product's address, Settings where one chooses what to be told.
	Home, Settings string
	// Unsubscribe is the page that ends mail of this kind; "": it cannot be ended.
	Unsubscribe string
}

//go:embed mail.html
var page string

// layout escapes every word that is put into it.
var layout = template.Must(template.New("mail").Parse(page))

type entry struct {
	notify.Text
	Link string
}

type words struct {
	lang, digest, digestOne, why, binding, unsubscribe, settings string
}

var zh = words{
	"zh-CN", "您有 %d 条新通知", "您有 1 条新通知", "这封邮件由 Hourglass 自动发出，请勿直接回复。",
	"这类邮件关系到账号安全或您的权益，不能退订。", "不再接收这类邮件", "通知设置",
}

var en = words{
	"en", "You have %d new notices", "You have 1 new notice", "Hourglass sent this mail by itself; replies are not read.",
	"Mail of this kind concerns your account's security or your rights and cannot be turned off.", "Stop mail of this kind", "Notification settings",
}

// Write writes the mail of one notice, or, of several, a digest.
func Write(items []Item, digest bool, o Options) (Letter, error) {
	w := zh
	if strings.HasPrefix(o.Locale, "en") {
		w = en
	}
	var entries []entry
	for _, i := range items {
		entries = append(entries, entry{i.Notice.Tell(o.Locale, o.Zone), i.Link})
	}
	l := Letter{Subject: subject(entries, digest, w)}
	l.Text = plain(entries, l.Subject, digest, w, o)
	var b bytes.Buffer
	if err := layout.Execute(&b, fields(entries, l.Subject, digest, w, o)); err != nil {
		return l, fmt.Errorf("write mail: %w", err)
	}
	l.HTML = b.String()
	return l, nil
}

func subject(entries []entry, digest bool, w words) string {
	switch {
	case !digest:
		return entries[0].Title
	case len(entries) == 1:
		return w.digestOne
	}
	return fmt.Sprintf(w.digest, len(entries))
}

func fields(entries []entry, title string, digest bool, w words, o Options) map[string]any {
	return map[string]any{
		"Lang": w.lang, "Title": title, "Digest": digest, "Entries": entries, "Why": w.why, "Binding": w.binding, "Home": o.Home,
		"Unsubscribe": o.Unsubscribe, "UnsubscribeWord": w.unsubscribe, "Settings": o.Settings, "SettingsWord": w.settings,
	}
}

// plain is the mail for who reads no HTML; nothing is only in one of the two.
func plain(entries []entry, title string, digest bool, w words, o Options) string {
	var b strings.Builder
	line := func(text string) { b.WriteString(text + "\n\n") }
	if digest {
		line(title)
	}
	for _, e := range entries {
		line(e.Title)
		for _, p := range e.Body {
			line(p)
		}
		if e.Link != "" {
			line(e.Label + "\n" + e.Link)
		}
	}
	line("--\n" + w.why)
	if o.Unsubscribe == "" {
		line(w.binding)
	} else {
		line(w.unsubscribe + "\n" + o.Unsubscribe)
		line(w.settings + "\n" + o.Settings)
	}
	return strings.TrimSpace(b.String()) + "\n"
}
