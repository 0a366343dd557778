package notify

import "strings"

// Reply is a server's refusal of a mail.
type Reply struct {
	Code      int    // of SMTP, 400 to 599
	Status    string // enhanced, RFC 3463: "5.1.1"; "": none
	Text      string
	Recipient bool // it answered the recipient's address, not the mail
}

// Permanent says that trying again cannot help (RFC 5321, section 4.2.1).
func (r Reply) Permanent() bool { return r.Code >= 500 }

// BadAddress says that no mail will ever reach the address, so that nothing
// more should be sent there. A refusal of the mail, of its sender or of us
// says nothing about the address (RFC 3463, section 3).
func (r Reply) BadAddress() bool {
	switch {
	case !r.Permanent():
		return false
	case r.Status == "":
		return r.Recipient && (r.Code == 550 || r.Code == 551 || r.Code == 553)
	case r.Status == "5.1.7" || r.Status == "5.1.8":
		return false // the sender's address
	}
	return strings.HasPrefix(r.Status, "5.1.") || r.Status == "5.2.1"
}
