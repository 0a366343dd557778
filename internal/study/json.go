package study

import (
	"encoding/json"
	"strconv"
	"unicode/utf8"
)

// The walk over JSON (RFC 8259) below DecodeBeat.

func (p *parser) fail() {
	p.broken = true
	p.at = len(p.data)
}

func (p *parser) space() {
	for p.at < len(p.data) {
		switch p.data[p.at] {
		case ' ', '\t', '\n', '\r':
			p.at++
		default:
			return
		}
	}
}

// peek is the next byte; 0 at the end.
func (p *parser) peek() byte {
	if p.at < len(p.data) {
		return p.data[p.at]
	}
	return 0
}

// take steps over c and the space after it, or fails.
func (p *parser) take(c byte) {
	if p.peek() != c {
		p.fail()
		return
	}
	p.at++
	p.space()
}

// object reads {…}; field is called at each value and must step over it.
func (p *parser) object(field func(name []byte)) {
	p.take('{')
	for first := true; !p.broken; first = false {
		if p.peek() == '}' && first {
			break
		}
		name := p.rawString()
		p.space()
		p.take(':')
		if p.broken {
			return
		}
		field(name)
		p.space()
		if p.peek() == '}' {
			break
		}
		p.take(',')
	}
	p.take('}')
}

// array reads […]; item is called at each value and must step over it.
func (p *parser) array(item func()) {
	p.take('[')
	for first := true; !p.broken; first = false {
		if p.peek() == ']' && first {
			break
		}
		item()
		p.space()
		if p.peek() == ']' {
			break
		}
		p.take(',')
	}
	p.take(']')
}

// rawString reads "…" and gives its content; one with escapes is unquoted.
func (p *parser) rawString() []byte {
	if p.peek() != '"' {
		p.fail()
		return nil
	}
	start, escaped := p.at, false
	for p.at++; p.at < len(p.data); p.at++ {
		switch c := p.data[p.at]; {
		case c == '\\':
			escaped = true
			p.at++
		case c == '"':
			p.at++
			return p.unquoted(p.data[start:p.at], escaped)
		case c < 0x20:
			p.fail()
			return nil
		}
	}
	p.fail()
	return nil
}

func (p *parser) unquoted(quoted []byte, escaped bool) []byte {
	inner := quoted[1 : len(quoted)-1]
	if !escaped && utf8.Valid(inner) {
		return inner
	}
	var text string
	if json.Unmarshal(quoted, &text) != nil {
		p.fail()
		return nil
	}
	return []byte(text)
}

func (p *parser) text(path string) (string, bool) {
	if p.peek() != '"' {
		p.wrong(p.at, path, "must be a string")
		return "", false
	}
	return string(p.rawString()), !p.broken
}

func (p *parser) boolean(path string) bool {
	switch {
	case p.literal("true"):
		return true
	case p.literal("false"):
		return false
	}
	p.wrong(p.at, path, "must be true or false")
	return false
}

func (p *parser) integer(path string) (int64, bool) {
	start := p.at
	text, ok := p.number()
	n, err := strconv.ParseInt(string(text), 10, 64)
	if !ok || err != nil {
		p.wrong(start, path, "must be an integer")
		return 0, false
	}
	return n, true
}

func (p *parser) literal(word string) bool {
	if len(p.data)-p.at < len(word) || string(p.data[p.at:p.at+len(word)]) != word {
		return false
	}
	p.at += len(word)
	return true
}

// number reads a number's text by the grammar; false, unmoved, for anything else.
func (p *parser) number() ([]byte, bool) {
	start, at := p.at, p.at
	digits := func() bool {
		from := at
		for at < len(p.data) && p.data[at] >= '0' && p.data[at] <= '9' {
			at++
		}
		return at > from
	}
	next := func() byte {
		if at < len(p.data) {
			return p.data[at]
		}
		return 0
	}
	if next() == '-' {
		at++
	}
	if next() == '0' {
		at++
	} else if !digits() {
		return nil, false
	}
	if next() == '.' {
		if at++; !digits() {
			return nil, false
		}
	}
	if c := next(); c == 'e' || c == 'E' {
		if at++; next() == '+' || next() == '-' {
			at++
		}
		if !digits() {
			return nil, false
		}
	}
	p.at = at
	return p.data[start:at], true
}

// skip steps over one value of any kind.
func (p *parser) skip(depth int) {
	if depth > maxDepth {
		p.fail()
		return
	}
	switch c := p.peek(); {
	case c == '{':
		p.object(func([]byte) { p.skip(depth + 1) })
	case c == '[':
		p.array(func() { p.skip(depth + 1) })
	case c == '"':
		p.rawString()
	case p.literal("true"), p.literal("false"), p.literal("null"):
	default:
		if _, ok := p.number(); !ok {
			p.fail()
		}
	}
}
