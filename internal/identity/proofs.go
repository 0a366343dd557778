package identity

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/audit"
	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/notify"
)

const (
	verifyLife = 3 * 24 * time.Hour
	resetLife  = 30 * time.Minute
)

// ErrLinkSpent is the one answer to a mailed link that does not hold, whyever.
var ErrLinkSpent = fault.Coded(fault.Gone, "link-spent", "This link has been used or is too old. Please ask for a new one.")

// SendVerification mails the link that proves the account's own address again.
func (s *Accounts) SendVerification(ctx context.Context, a *Actor) error {
	account, err := s.o.Store.AccountByPerson(ctx, a.PersonID)
	if err != nil {
		return fmt.Errorf("verification of %s: %w", a.PersonID, err)
	}
	if account.VerifiedAt != nil {
		return fault.Coded(fault.Conflict, "mail-verified", "This address is verified already.")
	}
	if _, err := s.take(ctx, try{"mail to", account.EmailFolded, s.o.Limits.MailAccount}); err != nil {
		return err
	}
	return s.mailProof(ctx, account)
}

// ChangeMail mails a link to a new address; it becomes the account's when the
// link is followed. An address that is somebody else's is answered alike, and
// told so by mail, so that nobody learns here who has an account.
func (s *Accounts) ChangeMail(ctx context.Context, a *Actor, email string) error {
	if err := s.fresh(a); err != nil {
		return err
	}
	email, err := tidyEmail(email)
	if err != nil {
		return err
	}
	account, err := s.o.Store.AccountByPerson(ctx, a.PersonID)
	if err != nil {
		return fmt.Errorf("change of %s's address: %w", a.PersonID, err)
	}
	if _, err := s.take(ctx, try{"mail by", a.PersonID.String(), s.o.Limits.MailAccount}); err != nil {
		return err
	}
	account.Email, account.EmailFolded = email, FoldEmail(email)
	return s.mailProof(ctx, account)
}

func tidyEmail(email string) (string, error) {
	n := NewAccount{Email: email, Password: "a password that is not looked at", Name: "x"}
	n, err := n.check(true)
	return n.Email, err
}

// mailProof makes the link that proves the address of an account as given.
func (s *Accounts) mailProof(ctx context.Context, a Account) error {
	return s.mailLink(ctx, a, ProofVerify, verifyLife, "verify-mail", "/verify-mail")
}

func (s *Accounts) mailLink(ctx context.Context, a Account, purpose string, life time.Duration, kind notify.Kind, path string) error {
	id, err := uuid.NewV7()
	if err != nil {
		return fmt.Errorf("new link's id: %w", err)
	}
	now := s.o.Now().UTC()
	p := Proof{ID: id, PersonID: a.PersonID, Purpose: purpose, Email: a.Email, EmailFolded: a.EmailFolded, CreatedAt: now, ExpiresAt: now.Add(life)}
	n := Note{Tell: []notify.Notice{{Kind: kind, Person: a.PersonID, Address: a.Email, Locale: a.Locale, Path: path, Link: &notify.Link{Purpose: purpose, ID: id},
		Facts: map[string]string{"name": a.Name, "email": a.Email, "until": p.ExpiresAt.Format(time.RFC3339)}}}}
	if err := s.o.Store.CreateProof(ctx, p, n); err != nil {
		return fmt.Errorf("mail a link: %w", err)
	}
	return nil
}

// proofID is the id a link's token proves.
func (s *Accounts) proofID(ctx context.Context, purpose, token string, from Client) (uuid.UUID, error) {
	if _, err := s.take(ctx, try{"link from", from.Address, s.o.Limits.LinkAddress}); err != nil {
		return uuid.Nil, err
	}
	if s.o.Links != nil {
		if id, ok := s.o.Links.Check(purpose, token); ok {
			return id, nil
		}
	}
	return uuid.Nil, ErrLinkSpent
}

// VerifyMail proves an address by its link, and makes it the account's when it
// is a new one; the old one is told.
func (s *Accounts) VerifyMail(ctx context.Context, token string, from Client) (email string, err error) {
	id, err := s.proofID(ctx, ProofVerify, token, from)
	if err != nil {
		return "", err
	}
	account, err := s.o.Store.VerifyMail(ctx, id, s.o.Now().UTC(), func(before Account, p Proof) Note {
		by := &Actor{PersonID: before.PersonID}
		if before.EmailFolded == p.EmailFolded {
			return about("account.verify-mail", "", by, nil)
		}
		n := about("account.change-mail", "", by, map[string]string{"from": before.Email, "to": p.Email})
		if before.VerifiedAt != nil {
			n.Tell = []notify.Notice{{Kind: "mail-changed", Person: before.PersonID, Address: before.Email, Locale: before.Locale, Path: securityPath, Facts: map[string]string{"name": before.Name, "email": p.Email}}}
		}
		return n
	})
	if err != nil {
		return "", fmt.Errorf("verify an address: %w", err)
	}
	return account.Email, nil
}

// AskReset answers everybody alike and at once: whether somebody has the
// address is looked up by MailReset, later and elsewhere.
func (s *Accounts) AskReset(ctx context.Context, email string, from Client) error {
	if _, err := s.take(ctx, try{"mail from", from.Address, s.o.Limits.MailAddress}); err != nil {
		return err
	}
	folded := FoldEmail(email)
	if !plausibleEmail(folded) {
		folded = "" // no account has it, and it may not even be text the queue can keep
	}
	if folded != "" {
		if _, err := s.take(ctx, try{"mail to", folded, s.o.Limits.MailAccount}); fault.KindOf(err) == fault.TooMany {
			return nil // enough lie in that mailbox
		} else if err != nil {
			return err
		}
	}
	if s.o.Later == nil {
		return s.MailReset(ctx, folded)
	}
	return s.o.Later(ctx, folded)
}

// MailReset mails a link that sets a new password, if somebody has the address.
func (s *Accounts) MailReset(ctx context.Context, folded string) error {
	a, err := s.o.Store.AccountByEmail(ctx, folded)
	if fault.KindOf(err) == fault.NotFound {
		return nil
	}
	if err != nil {
		return fmt.Errorf("reset a password: %w", err)
	}
	return s.mailLink(ctx, a, ProofReset, resetLife, "reset-password", "/reset-password")
}

// ResetPassword sets a new password by a mailed link, which is then used up.
// All sign-ins end, with the study under them, and all access tokens: whoever
// had the old password may have made them. A second factor stays: whoever reads
// somebody's mail has not got it.
func (s *Accounts) ResetPassword(ctx context.Context, token, password string, from Client, end EndStudy) error {
	id, err := s.proofID(ctx, ProofReset, token, from)
	if err != nil {
		return err
	}
	now := s.o.Now().UTC()
	proof, err := s.o.Store.LiveProof(ctx, id, ProofReset, now)
	if err != nil {
		return fmt.Errorf("reset a password: %w", err)
	}
	account, err := s.o.Store.AccountByPerson(ctx, proof.PersonID)
	if err != nil {
		return fmt.Errorf("reset a password: %w", err)
	}
	// A factor set up before the address was proved goes with the old password.
	hash, err := s.newPassword(ctx, account, account.SecondFactor && account.VerifiedAt != nil, "body.password", password)
	if err != nil {
		return err
	}
	return s.closing(ctx, proof.PersonID, uuid.Nil, end, func() ([][]byte, error) {
		return s.o.Store.ResetPassword(ctx, id, hash, now, Note{
			Trail: []audit.Event{aboutAccount("account.reset-password", proof.PersonID, proof.PersonID, nil)},
			Tell:  []notify.Notice{{Kind: "password-changed", Person: proof.PersonID, Path: securityPath}},
		})
	})
}

// ChangePassword sets a new one in the place of the present, and ends all other
// sign-ins. Access tokens go on: who knows the password sees them in a list, and
// programs must not stop for a password that is only newer.
func (s *Accounts) ChangePassword(ctx context.Context, a *Actor, present, password string, end EndStudy) error {
	account, err := s.knows(ctx, a, "body.current", present)
	if err != nil {
		return err
	}
	hash, err := s.newPassword(ctx, account, account.SecondFactor, "body.password", password)
	if err != nil {
		return err
	}
	return s.closing(ctx, a.PersonID, a.SignIn, end, func() ([][]byte, error) {
		return s.o.Store.ChangePassword(ctx, a.PersonID, account.PasswordHash, hash, a.SignIn, s.o.Now().UTC(), about("account.change-password", "password-changed", a, nil))
	})
}

// newPassword judges a new password of an account and hashes it.
func (s *Accounts) newPassword(ctx context.Context, a Account, secondFactor bool, place, password string) (string, error) {
	var bad fault.Fields
	checkPassword(password, passwordFor{place, a.Email, a.Name, secondFactor}, &bad)
	if err := bad.Err("this cannot be the password"); err != nil {
		return "", err
	}
	if err := s.refuseBreached(ctx, place, password); err != nil {
		return "", err
	}
	hash, err := s.hasher.Hash(ctx, password)
	if err != nil {
		return "", fmt.Errorf("hash password: %w", err)
	}
	return hash, nil
}
