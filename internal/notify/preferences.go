package notify

import (
	"fmt"
	"slices"
	"time"

	"github.com/hourglass-lms/hourglass/internal/fault"
)

// Choice is how a person wants to be told of a kind.
type Choice struct {
	Kind      Kind
	InProduct bool
	Mail      How
}

// Preferences are a person's choices.
type Preferences struct {
	Zone    string // IANA; "": as it is
	Choices []Choice
}

// Choices are the choices for every kind that is shown to people: what was
// chosen, and else what the product does by itself.
func Choices(chosen []Choice) (out []Choice) {
	for _, s := range specs {
		c := Choice{s.Kind, true, s.Mail}
		if at := slices.IndexFunc(chosen, func(c Choice) bool { return c.Kind == s.Kind }); at >= 0 && !s.Binding {
			c = chosen[at]
		}
		if !s.MailOnly {
			out = append(out, c)
		}
	}
	return out
}

// Check refuses a choice that there is not, with its place in the request.
func (p Preferences) Check() error {
	var bad fault.Fields
	if p.Zone != "" {
		if _, err := time.LoadLocation(p.Zone); err != nil || p.Zone == "Local" || len(p.Zone) > 64 {
			bad.Add("body.zone", "is not a time zone")
		}
	}
	for i, c := range p.Choices {
		spec, ok := SpecOf(c.Kind)
		switch {
		case !ok || spec.MailOnly:
			bad.Add(fmt.Sprintf("body.choices[%d].kind", i), "is not a kind of notice")
		case c.Mail != Now && c.Mail != Daily && c.Mail != Off:
			bad.Add(fmt.Sprintf("body.choices[%d].mail", i), "must be now, digest or off")
		case spec.Binding && (!c.InProduct || c.Mail != Now):
			bad.Add(fmt.Sprintf("body.choices[%d]", i), "concerns security or your rights and cannot be turned off")
		}
	}
	return bad.Err("these choices are not valid")
}

// UnsubscribePurpose is what the proof in a mail of a kind is for: it ends
// mail of that kind and can do nothing else.
func UnsubscribePurpose(k Kind) string { return "unsubscribe:" + string(k) }
