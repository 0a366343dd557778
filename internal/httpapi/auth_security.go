package httpapi

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"
	"rsc.io/qr"

	"github.com/hourglass-lms/hourglass/internal/identity"
)

// AccountSecurity is what guards one's own account.
type AccountSecurity interface {
	Confirm(ctx context.Context, a *identity.Actor, password string) error
	ChangePassword(ctx context.Context, a *identity.Actor, present, password string, end identity.EndStudy) error
	Factors(ctx context.Context, a *identity.Actor) (identity.Factors, error)
	BeginTOTP(ctx context.Context, a *identity.Actor) (identity.NewTOTP, error)
	ConfirmTOTP(ctx context.Context, a *identity.Actor, code string, end identity.EndStudy) ([]string, error)
	RemoveTOTP(ctx context.Context, a *identity.Actor) error
	BeginPasskey(ctx context.Context, a *identity.Actor) (identity.Challenge, error)
	AddPasskey(ctx context.Context, a *identity.Actor, token, name string, response []byte, end identity.EndStudy) ([]string, error)
	RemovePasskey(ctx context.Context, a *identity.Actor, id uuid.UUID) error
	RenewCodes(ctx context.Context, a *identity.Actor) ([]string, error)
	SignIns(ctx context.Context, a *identity.Actor) ([]identity.ListedSignIn, error)
	EndSignIn(ctx context.Context, a *identity.Actor, id uuid.UUID, end identity.EndStudy) error
	EndOthers(ctx context.Context, a *identity.Actor, end identity.EndStudy) error
}

// ConfirmInput proves to be the owner.
type ConfirmInput struct {
	Body struct {
		Password string `json:"password" minLength:"1" maxLength:"256"`
	}
}

// ChangePasswordInput sets a new password in the place of the present one.
type ChangePasswordInput struct {
	Body struct {
		Current  string `json:"current" minLength:"1" maxLength:"256"`
		Password string `json:"password" minLength:"8" maxLength:"256" doc:"At least 15 characters without a second factor"`
	}
}

// MyFactors are the second factors there are.
type MyFactors struct {
	TOTPSince *time.Time  `json:"totp_since,omitempty" doc:"One-time codes, since when"`
	Passkeys  []MyPasskey `json:"passkeys"`
	CodesLeft int         `json:"recovery_codes_left"`
}

// MyPasskey is one passkey.
type MyPasskey struct {
	ID        uuid.UUID  `json:"id"`
	Name      string     `json:"name"`
	CreatedAt time.Time  `json:"created_at"`
	UsedAt    *time.Time `json:"used_at,omitempty"`
}

// TOTPSetUp is for an authenticator app; it is told this once.
type TOTPSetUp struct {
	Secret  string `json:"secret" doc:"Base32, to be typed in"`
	Address string `json:"address" doc:"otpauth:// address, to be opened on the same device"`
	QR      QRCode `json:"qr" doc:"The address, to be scanned"`
}

// QRCode is drawn as one path.
type QRCode struct {
	Size int    `json:"size" doc:"Modules on a side, without the quiet zone"`
	Path string `json:"path" doc:"SVG path of the dark modules, one unit each"`
}

// CodeInput is a one-time code.
type CodeInput struct {
	Body struct {
		Code string `json:"code" minLength:"1" maxLength:"40"`
	}
}

// RecoveryCodes are told this once.
type RecoveryCodes struct {
	Codes []string `json:"recovery_codes" doc:"With the first second factor, or when renewed; else none"`
}

// NewPasskeyInput is a device's answer.
type NewPasskeyInput struct {
	Body struct {
		Token    string         `json:"token" minLength:"1" maxLength:"100"`
		Name     string         `json:"name" minLength:"1" maxLength:"60" doc:"By which its owner knows it"`
		Response map[string]any `json:"response" doc:"PublicKeyCredential.toJSON()"`
	}
}

// MySignIn is one sign-in that holds.
type MySignIn struct {
	ID        uuid.UUID `json:"id"`
	Device    string    `json:"device"`
	Address   string    `json:"address" doc:"Network address it was opened from"`
	Method    string    `json:"method" doc:"password, password+totp, password+passkey, password+recovery, passkey …"`
	CreatedAt time.Time `json:"created_at"`
	SeenAt    time.Time `json:"seen_at" doc:"To the minute"`
	Current   bool      `json:"current"`
}

// MySignIns are all that hold.
type MySignIns struct {
	Items []MySignIn `json:"items"`
}

func (s *Server) registerSecurity(a huma.API) {
	s.registerSecondSteps(a)
	s.registerLinks(a)
	tags := []string{"Security"}
	register(a, identity.Own, huma.Operation{OperationID: "confirm-owner", Method: http.MethodPost, Path: "/auth/confirmation", Tags: tags, Summary: "Prove to be the owner; what guards the account may be changed for 15 minutes", DefaultStatus: http.StatusNoContent, MaxBodyBytes: 16 << 10}, s.confirmOwner)
	register(a, identity.Own, huma.Operation{OperationID: "change-password", Method: http.MethodPut, Path: "/me/password", Tags: tags, Summary: "Change the password; ends all other sign-ins, and no access token", DefaultStatus: http.StatusNoContent, MaxBodyBytes: 16 << 10}, s.changePassword)
	register(a, identity.Own, huma.Operation{OperationID: "get-second-factors", Method: http.MethodGet, Path: "/me/second-factors", Tags: tags, Summary: "What there is beside the password"}, s.getFactors)
	register(a, identity.Own, huma.Operation{OperationID: "begin-totp", Method: http.MethodPost, Path: "/me/totp", Tags: tags, Summary: "A secret for an authenticator app; it counts once a code of it is given"}, s.beginTOTP)
	register(a, identity.Own, huma.Operation{OperationID: "confirm-totp", Method: http.MethodPost, Path: "/me/totp/confirmation", Tags: tags, Summary: "Make the secret a second factor", MaxBodyBytes: 16 << 10}, s.confirmTOTP)
	register(a, identity.Own, huma.Operation{OperationID: "remove-totp", Method: http.MethodDelete, Path: "/me/totp", Tags: tags, Summary: "Remove one-time codes"}, s.removeTOTP)
	register(a, identity.Own, huma.Operation{OperationID: "ask-new-passkey", Method: http.MethodPost, Path: "/me/passkeys/challenge", Tags: tags, Summary: "What a new passkey is to answer"}, s.askNewPasskey)
	register(a, identity.Own, huma.Operation{OperationID: "add-passkey", Method: http.MethodPost, Path: "/me/passkeys", Tags: tags, Summary: "Register a passkey", DefaultStatus: http.StatusCreated, MaxBodyBytes: 64 << 10}, s.addPasskey)
	register(a, identity.Own, huma.Operation{OperationID: "remove-passkey", Method: http.MethodDelete, Path: "/me/passkeys/{id}", Tags: tags, Summary: "Remove a passkey"}, s.removePasskey)
	register(a, identity.Own, huma.Operation{OperationID: "renew-recovery-codes", Method: http.MethodPost, Path: "/me/recovery-codes", Tags: tags, Summary: "New recovery codes; the old ones end"}, s.renewCodes)
	register(a, identity.Own, huma.Operation{OperationID: "list-sign-ins", Method: http.MethodGet, Path: "/me/sign-ins", Tags: tags, Summary: "Where one is signed in"}, s.listSignIns)
	register(a, identity.Own, huma.Operation{OperationID: "end-sign-in", Method: http.MethodDelete, Path: "/me/sign-ins/{id}", Tags: tags, Summary: "End a sign-in and study under it"}, s.endListedSignIn)
	register(a, identity.Own, huma.Operation{OperationID: "end-other-sign-ins", Method: http.MethodDelete, Path: "/me/sign-ins", Tags: tags, Summary: "End all sign-ins but this one"}, s.endOtherSignIns)
}

func (s *Server) confirmOwner(ctx context.Context, in *ConfirmInput) (*Empty, error) {
	return &Empty{}, s.svc.Accounts.Confirm(ctx, identity.ActorFrom(ctx), in.Body.Password)
}

func (s *Server) changePassword(ctx context.Context, in *ChangePasswordInput) (*Empty, error) {
	return &Empty{}, s.svc.Accounts.ChangePassword(ctx, identity.ActorFrom(ctx), in.Body.Current, in.Body.Password, s.closeStudy())
}

func (s *Server) getFactors(ctx context.Context, _ *struct{}) (*Body[MyFactors], error) {
	f, err := s.svc.Accounts.Factors(ctx, identity.ActorFrom(ctx))
	if err != nil {
		return nil, err
	}
	out := MyFactors{TOTPSince: f.TOTPSince, Passkeys: []MyPasskey{}, CodesLeft: f.CodesLeft}
	for _, k := range f.Passkeys {
		out.Passkeys = append(out.Passkeys, MyPasskey(k))
	}
	return &Body[MyFactors]{out}, nil
}

func (s *Server) beginTOTP(ctx context.Context, _ *struct{}) (*Body[TOTPSetUp], error) {
	n, err := s.svc.Accounts.BeginTOTP(ctx, identity.ActorFrom(ctx))
	if err != nil {
		return nil, err
	}
	code, err := qrOf(n.Address)
	if err != nil {
		return nil, err
	}
	return &Body[TOTPSetUp]{TOTPSetUp{n.Secret, n.Address, code}}, nil
}

// qrOf draws a text; every run of dark modules in a row is one rectangle.
func qrOf(text string) (QRCode, error) {
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		return QRCode{}, fmt.Errorf("draw a code: %w", err)
	}
	var path strings.Builder
	for y := range code.Size {
		for x := 0; x < code.Size; x++ {
			from := x
			for x < code.Size && code.Black(x, y) {
				x++
			}
			if x > from {
				fmt.Fprintf(&path, "M%d %dh%dv1h-%dz", from, y, x-from, x-from)
			}
		}
	}
	return QRCode{code.Size, path.String()}, nil
}

func (s *Server) confirmTOTP(ctx context.Context, in *CodeInput) (*Body[RecoveryCodes], error) {
	return codesOf(s.svc.Accounts.ConfirmTOTP(ctx, identity.ActorFrom(ctx), in.Body.Code, s.closeStudy()))
}

func codesOf(codes []string, err error) (*Body[RecoveryCodes], error) {
	if err != nil {
		return nil, err
	}
	return &Body[RecoveryCodes]{RecoveryCodes{append([]string{}, codes...)}}, nil
}

func (s *Server) removeTOTP(ctx context.Context, _ *struct{}) (*Empty, error) {
	return &Empty{}, s.svc.Accounts.RemoveTOTP(ctx, identity.ActorFrom(ctx))
}

func (s *Server) askNewPasskey(ctx context.Context, _ *struct{}) (*Body[PasskeyChallenge], error) {
	return challengeOf(s.svc.Accounts.BeginPasskey(ctx, identity.ActorFrom(ctx)))
}

func (s *Server) addPasskey(ctx context.Context, in *NewPasskeyInput) (*Body[RecoveryCodes], error) {
	response, err := json.Marshal(in.Body.Response)
	if err != nil {
		return nil, err
	}
	return codesOf(s.svc.Accounts.AddPasskey(ctx, identity.ActorFrom(ctx), in.Body.Token, in.Body.Name, response, s.closeStudy()))
}

func (s *Server) removePasskey(ctx context.Context, in *IDPath) (*Empty, error) {
	return &Empty{}, s.svc.Accounts.RemovePasskey(ctx, identity.ActorFrom(ctx), in.ID)
}

func (s *Server) renewCodes(ctx context.Context, _ *struct{}) (*Body[RecoveryCodes], error) {
	return codesOf(s.svc.Accounts.RenewCodes(ctx, identity.ActorFrom(ctx)))
}

func (s *Server) listSignIns(ctx context.Context, _ *struct{}) (*Body[MySignIns], error) {
	actor := identity.ActorFrom(ctx)
	list, err := s.svc.Accounts.SignIns(ctx, actor)
	if err != nil {
		return nil, err
	}
	out := MySignIns{Items: []MySignIn{}}
	for _, in := range list {
		out.Items = append(out.Items, MySignIn{in.ID, in.Device, in.Address, in.Method, in.CreatedAt, in.SeenAt, in.ID == actor.SignIn})
	}
	return &Body[MySignIns]{out}, nil
}

func (s *Server) endListedSignIn(ctx context.Context, in *IDPath) (*Empty, error) {
	return &Empty{}, s.svc.Accounts.EndSignIn(ctx, identity.ActorFrom(ctx), in.ID, s.closeStudy())
}

func (s *Server) endOtherSignIns(ctx context.Context, _ *struct{}) (*Empty, error) {
	return &Empty{}, s.svc.Accounts.EndOthers(ctx, identity.ActorFrom(ctx), s.closeStudy())
}
