package study

// maxChoices bounds the choices of a question: one bit each.
const maxChoices = 16

const (
	hasID = 1 << iota
	hasAnswer
	hasMore
)

// reply reads the answer to a presence check: its id, and the numbers of the
// choices or that more time is wanted.
func (p *parser) reply() *Reply {
	if p.peek() != '{' {
		p.skip(1)
		p.bad.Add("body.presence", "must be an object")
		return nil
	}
	var r Reply
	seen := 0
	p.object(func(name []byte) {
		bit := 0
		switch string(name) {
		case "id":
			bit, r.ID = hasID, p.checkID()
		case "answer":
			bit, r.Mask = hasAnswer, p.choices()
		case "more_time":
			bit, r.MoreTime = hasMore, p.boolean("body.presence.more_time")
		default:
			p.unexpected("body.presence", name)
			return
		}
		if seen&bit != 0 {
			p.bad.Add("body.presence."+string(name), "stands twice")
		}
		seen |= bit
	})
	p.requireReply(seen, r)
	return &r
}

func (p *parser) requireReply(seen int, r Reply) {
	switch {
	case p.broken:
	case seen&hasID == 0:
		p.bad.Add("body.presence.id", "is required")
	case r.MoreTime && seen&hasAnswer != 0:
		p.bad.Add("body.presence.answer", "cannot be given together with asking for more time")
	case !r.MoreTime && seen&hasAnswer == 0:
		p.bad.Add("body.presence.answer", "is required")
	}
}

func (p *parser) checkID() CheckID {
	text, ok := p.text("body.presence.id")
	id, known := ParseCheckID(text)
	if ok && !known {
		p.bad.Add("body.presence.id", "is not a check's id")
	}
	return id
}

func (p *parser) choices() (mask uint16) {
	if p.peek() != '[' {
		p.skip(1)
		p.bad.Add("body.presence.answer", "must be a list")
		return 0
	}
	count := 0
	p.array(func() {
		n, ok := p.integer("body.presence.answer")
		if count++; !ok {
			return
		}
		if n < 0 || n >= maxChoices {
			p.bad.Add("body.presence.answer", "holds a choice that cannot be")
			return
		}
		mask |= 1 << n
	})
	if count > maxChoices {
		p.bad.Add("body.presence.answer", "must have at most %d items", maxChoices)
	}
	return mask
}
