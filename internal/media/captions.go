package media

import (
	"bytes"
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/hourglass-lms/hourglass/internal/fault"
)

// Cue is one caption: text shown from FromMS until ToMS.
type Cue struct {
	FromMS int64  `json:"from_ms"`
	ToMS   int64  `json:"to_ms"`
	Text   string `json:"text"`
}

// Track is the captions of an asset in one language.
type Track struct {
	Language string
	Cues     []Cue
}

const (
	maxCues    = 20_000
	maxCueText = 1_000
)

// ParseCaptions reads WebVTT (W3C) or SubRip. Styles, notes and tags are
// dropped: only times and text are kept. The error says which line is wrong.
func ParseCaptions(data []byte) ([]Cue, error) {
	if !utf8.Valid(data) {
		return nil, captionError(1, "is not UTF-8 text")
	}
	text := strings.NewReplacer("\r\n", "\n", "\r", "\n", "\x00", "").Replace(strings.TrimPrefix(string(data), "\ufeff"))
	var cues []Cue
	lines := strings.Split(text, "\n")
	for at := 0; at < len(lines); at++ {
		if !strings.Contains(lines[at], "-->") {
			continue
		}
		cue, err := parseTiming(lines[at])
		if err != nil {
			return nil, captionError(at+1, err.Error())
		}
		var body []string
		for at++; at < len(lines) && strings.TrimSpace(lines[at]) != ""; at++ {
			if line := plain(lines[at]); line != "" {
				body = append(body, line)
			}
		}
		cue.Text = strings.Join(body, "\n")
		if utf8.RuneCountInString(cue.Text) > maxCueText {
			return nil, captionError(at, fmt.Sprintf("is longer than %d characters", maxCueText))
		}
		if cue.Text != "" {
			cues = append(cues, cue)
		}
		if len(cues) > maxCues {
			return nil, captionError(at, fmt.Sprintf("more than %d captions", maxCues))
		}
	}
	if len(cues) == 0 {
		return nil, captionError(1, "there is no caption in this file; WebVTT or SubRip is expected")
	}
	slices.SortStableFunc(cues, func(a, b Cue) int { return cmp.Compare(a.FromMS, b.FromMS) })
	return cues, nil
}

func captionError(line int, why string) error {
	return fault.New(fault.Invalid, "the captions cannot be read", fault.Field{Path: fmt.Sprintf("body:%d", line), Message: why})
}

func parseTiming(line string) (Cue, error) {
	from, rest, _ := strings.Cut(line, "-->")
	to, _, _ := strings.Cut(strings.TrimSpace(rest), " ") // settings follow
	a, errA := parseClock(strings.TrimSpace(from))
	b, errB := parseClock(strings.TrimSpace(to))
	switch {
	case errA != nil || errB != nil:
		return Cue{}, fmt.Errorf("times must be written like 00:01:02.500 --> 00:01:04.000")
	case b <= a:
		return Cue{}, fmt.Errorf("the caption ends before it begins")
	}
	return Cue{FromMS: a, ToMS: b}, nil
}

// parseClock reads [hh:]mm:ss.mmm; SubRip writes a comma.
func parseClock(text string) (int64, error) {
	text = strings.Replace(text, ",", ".", 1)
	whole, fraction, ok := strings.Cut(text, ".")
	parts := strings.Split(whole, ":")
	if !ok || len(fraction) != 3 || len(parts) < 2 || len(parts) > 3 {
		return 0, strconv.ErrSyntax
	}
	var total int64
	for i, p := range append(parts, fraction) {
		n, err := strconv.ParseUint(p, 10, 16)
		if err != nil || (i > 0 && i < len(parts) && n > 59) {
			return 0, strconv.ErrSyntax
		}
		switch {
		case i == len(parts):
			total = total*1000 + int64(n)
		default:
			total = total*60 + int64(n)
		}
	}
	return total, nil
}

// tag is markup of WebVTT (<v Speaker>, <00:01.000>, </c>) or of SubRip
// (<i>, {\an8}); a lone "<" is text.
var tag = regexp.MustCompile(`</?[A-Za-z0-9][^<>]*>|\{\\[^{}]*\}`)

var entities = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&nbsp;", " ", "&lrm;", "", "&rlm;", "", "&amp;", "&")

func plain(line string) string {
	return strings.TrimSpace(entities.Replace(tag.ReplaceAllString(line, "")))
}

// WebVTT writes cues as a track that browsers read.
func WebVTT(cues []Cue) []byte {
	var b bytes.Buffer
	b.WriteString("WEBVTT\n")
	escape := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
	for _, c := range cues {
		fmt.Fprintf(&b, "\n%s --> %s\n%s\n", clock(c.FromMS), clock(c.ToMS), escape.Replace(c.Text))
	}
	return b.Bytes()
}

func clock(ms int64) string {
	return fmt.Sprintf("%02d:%02d:%02d.%03d", ms/3_600_000, ms/60_000%60, ms/1000%60, ms%1000)
}
