package identity

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/audit"
	"github.com/hourglass-lms/hourglass/internal/notify"
)

// What a mailed link may stand for.
const (
	ProofVerify = "verify-mail"
	ProofReset  = "reset-password"
)

// Proof is what a mailed link stands for: who follows it gets mail at Email.
type Proof struct {
	ID                 uuid.UUID
	PersonID           uuid.UUID
	Purpose            string
	Email, EmailFolded string
	CreatedAt          time.Time
	ExpiresAt          time.Time
}

// ProofStore keeps what mailed links stand for. A link that is unknown, used
// or too old is Gone, coded "link-spent".
type ProofStore interface {
	AccountByPerson(ctx context.Context, person uuid.UUID) (Account, error)
	// CreateProof takes the place of the person's earlier ones for the same purpose.
	CreateProof(ctx context.Context, p Proof, n Note) error
	// LiveProof is one that holds at a time, without using it.
	LiveProof(ctx context.Context, id uuid.UUID, purpose string, now time.Time) (Proof, error)
	// VerifyMail uses the proof up: its address is proved and, when it is
	// another than the account's, becomes the account's. Followed again it is right again.
	VerifyMail(ctx context.Context, id uuid.UUID, now time.Time, n func(before Account, p Proof) Note) (Account, error)
	// ResetPassword uses the proof up, sets the hash, ends all sign-ins and access
	// tokens and answers the sign-ins' study names. What was set up beside the
	// password before the address was proved, maybe by somebody else, is taken away.
	ResetPassword(ctx context.Context, id uuid.UUID, hash string, now time.Time, n Note) ([][]byte, error)
	// ChangePassword sets the hash in the place of the old, ends all sign-ins but one and all open reset links.
	ChangePassword(ctx context.Context, person uuid.UUID, old, hash string, keep uuid.UUID, now time.Time, n Note) ([][]byte, error)
}

// ListedSignIn is one of a person's sign-ins as they see it.
type ListedSignIn struct {
	ID        uuid.UUID
	Device    string
	Address   string
	Method    string
	CreatedAt time.Time
	SeenAt    time.Time
	Study     []byte
}

// SignInStore lists and ends sign-ins.
type SignInStore interface {
	// SignIns are those that hold, the last used first.
	SignIns(ctx context.Context, person uuid.UUID, now time.Time) ([]ListedSignIn, error)
	// EndSignIn ends one of the person's; NotFound for any other.
	EndSignIn(ctx context.Context, person, id uuid.UUID, now time.Time, n Note) error
	// EndOthers ends all but one and answers their study names.
	EndOthers(ctx context.Context, person, keep uuid.UUID, now time.Time, n Note) ([][]byte, error)
	// Prove notes that the holder of a sign-in just proved to be the owner.
	Prove(ctx context.Context, signIn uuid.UUID, now time.Time) error
	// PutPending keeps the first half of a sign-in.
	PutPending(ctx context.Context, hash TokenHash, person uuid.UUID, now, expires time.Time) error
	// TryPending counts a try and answers whose it is; uuid.Nil: it does not hold (any more).
	TryPending(ctx context.Context, hash TokenHash, now time.Time, most int) (uuid.UUID, error)
	// TakePending uses it up; false: somebody else did.
	TakePending(ctx context.Context, hash TokenHash) (bool, error)
}

// Factors are what a person has beside the password.
type Factors struct {
	TOTPSince *time.Time // nil: no one-time codes
	Passkeys  []Passkey
	CodesLeft int // recovery codes not used yet
}

// Any says whether there is a second factor.
func (f Factors) Any() bool { return f.TOTPSince != nil || len(f.Passkeys) > 0 }

// Passkey is one as its owner sees it.
type Passkey struct {
	ID        uuid.UUID
	Name      string
	CreatedAt time.Time
	UsedAt    *time.Time
}

// KeptPasskey is one with what the library keeps of it, as JSON.
type KeptPasskey struct {
	Passkey
	PersonID     uuid.UUID
	CredentialID []byte
	Record       []byte
}

// KeptTOTP is what is kept of somebody's one-time codes.
type KeptTOTP struct {
	Sealed    []byte
	Confirmed bool
	LastStep  int64
	Refused   []int64
}

// RecoverySet is a fresh set of codes, hashed.
type RecoverySet struct {
	Salt   []byte
	Hashes [][]byte
}

// Ceremony is a challenge a browser was given.
type Ceremony struct {
	Purpose  string    // "register", "second-step", "sign-in"
	PersonID uuid.UUID // uuid.Nil: whoever answers
	Session  []byte    // JSON
}

// FactorStore keeps second factors. What makes the first one ends all
// sign-ins but one and answers their study names.
type FactorStore interface {
	Factors(ctx context.Context, person uuid.UUID) (Factors, error)
	// PutTOTP keeps a secret that is not confirmed; a confirmed one is a Conflict.
	PutTOTP(ctx context.Context, person uuid.UUID, sealed []byte, now time.Time) error
	// TOTP is NotFound when there is none.
	TOTP(ctx context.Context, person uuid.UUID) (KeptTOTP, error)
	// SpendTOTP takes a step; false: it or a later one was taken.
	SpendTOTP(ctx context.Context, person uuid.UUID, step int64) (bool, error)
	RefuseTOTP(ctx context.Context, person uuid.UUID, refused []int64) error
	// ConfirmTOTP makes the secret a factor, and the codes valid unless there are some.
	ConfirmTOTP(ctx context.Context, person uuid.UUID, step int64, codes *RecoverySet, keep uuid.UUID, now time.Time, n Note) ([][]byte, error)
	AddPasskey(ctx context.Context, k KeptPasskey, codes *RecoverySet, keep uuid.UUID, n Note) ([][]byte, error)
	// RemoveTOTP and RemovePasskey are NotFound when it is not there; with the last factor the recovery codes go.
	RemoveTOTP(ctx context.Context, person uuid.UUID, now time.Time, n Note) error
	RemovePasskey(ctx context.Context, person, id uuid.UUID, now time.Time, n Note) error
	// ForgetFactors takes all away, and ends all sign-ins.
	ForgetFactors(ctx context.Context, person uuid.UUID, now time.Time, n Note) error
	KeptPasskeys(ctx context.Context, person uuid.UUID) ([]KeptPasskey, error)
	UsePasskey(ctx context.Context, person uuid.UUID, credential, record []byte, now time.Time) error
	ReplaceCodes(ctx context.Context, person uuid.UUID, codes RecoverySet, now time.Time, n Note) error
	// RecoverySalt is nil without codes.
	RecoverySalt(ctx context.Context, person uuid.UUID) ([]byte, error)
	// SpendCode takes a code; false: there is none like it, or not any more.
	SpendCode(ctx context.Context, person uuid.UUID, hash []byte, now time.Time, n Note) (bool, error)
	PutCeremony(ctx context.Context, hash TokenHash, c Ceremony, expires time.Time) error
	// TakeCeremony uses one up; NotFound for one that does not hold.
	TakeCeremony(ctx context.Context, hash TokenHash, purpose string, now time.Time) (Ceremony, error)
}

// Links make and check the proofs in mails (linktoken.Keys).
type Links interface {
	Check(purpose, token string) (uuid.UUID, bool)
}

// Box seals what must not be read from a copy of the database (storage/vault).
type Box interface {
	Seal(ctx context.Context, purpose string, plain []byte) ([]byte, error)
	Open(ctx context.Context, purpose string, sealed []byte) ([]byte, error)
}

// EndStudy closes the study sessions that were opened under sign-ins, by their
// names; nil ends nothing.
type EndStudy func(ctx context.Context, person uuid.UUID, names [][]byte) error

func (e EndStudy) do(ctx context.Context, person uuid.UUID, names [][]byte) error {
	if e == nil || len(names) == 0 {
		return nil
	}
	return e(ctx, person, names)
}

// securityPath is where notices about an account lead.
const securityPath = "/settings/security"

// about is the note of a change of somebody's own account.
func about(action string, kind notify.Kind, a *Actor, facts map[string]string) Note {
	n := Note{Trail: []audit.Event{aboutAccount(action, a.PersonID, a.PersonID, facts)}}
	if kind != "" {
		n.Tell = []notify.Notice{{Kind: kind, Person: a.PersonID, Path: securityPath, Facts: facts}}
	}
	return n
}
