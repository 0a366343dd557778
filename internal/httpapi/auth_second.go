package httpapi

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/hourglass-lms/hourglass/internal/identity"
)

// SecondSteps finish a sign-in that a second factor guards, or do without a password.
type SecondSteps interface {
	FinishByCode(ctx context.Context, token string, kind identity.CodeKind, code string, from identity.Client) (identity.SignedIn, error)
	AskPasskey(ctx context.Context, pending string, from identity.Client) (identity.Challenge, error)
	FinishByPasskey(ctx context.Context, pending, token string, response []byte, from identity.Client) (identity.SignedIn, error)
	SignInByPasskey(ctx context.Context, token string, response []byte, from identity.Client) (identity.SignedIn, error)
}

// stepCookieName names the cookie that holds the first half of a sign-in.
const stepCookieName = "hourglass_step"

// StepCookie is the first half of a sign-in.
type StepCookie struct {
	Step string `cookie:"hourglass_step" hidden:"true"`
}

// SecondStepInput gives a code.
type SecondStepInput struct {
	StepCookie
	Body struct {
		Kind string `json:"kind" enum:"totp,recovery"`
		Code string `json:"code" minLength:"1" maxLength:"40"`
	}
}

// AskPasskeyInput says what the passkey is for.
type AskPasskeyInput struct {
	StepCookie
	Body struct {
		SecondStep bool `json:"second_step" doc:"After sign-in answered second-step; else the passkey alone signs in"`
	}
}

// PasskeyChallenge is for navigator.credentials.
type PasskeyChallenge struct {
	Token   string         `json:"token" doc:"Goes back with the answer, within five minutes"`
	Options map[string]any `json:"options" doc:"PublicKeyCredentialCreationOptionsJSON or PublicKeyCredentialRequestOptionsJSON"`
}

// PasskeySignInInput is a device's answer.
type PasskeySignInInput struct {
	StepCookie
	Body struct {
		Token      string         `json:"token" minLength:"1" maxLength:"100"`
		Response   map[string]any `json:"response" doc:"PublicKeyCredential.toJSON()"`
		SecondStep bool           `json:"second_step"`
	}
}

func (s *Server) registerSecondSteps(a huma.API) {
	tags := []string{"Accounts"}
	register(a, identity.Public, huma.Operation{OperationID: "finish-sign-in", Method: http.MethodPost, Path: "/auth/second-factor", Tags: tags, Summary: "The second step of a sign-in, by a code", MaxBodyBytes: 16 << 10}, s.finishByCode)
	register(a, identity.Public, huma.Operation{OperationID: "ask-passkey", Method: http.MethodPost, Path: "/auth/passkey/challenge", Tags: tags, Summary: "What a passkey is to answer", MaxBodyBytes: 16 << 10}, s.askPasskey)
	register(a, identity.Public, huma.Operation{OperationID: "sign-in-by-passkey", Method: http.MethodPost, Path: "/auth/passkey", Tags: tags, Summary: "Sign in by a passkey, alone or as the second step", MaxBodyBytes: 64 << 10}, s.signInByPasskey)
}

// secondStep answers a sign-in of which half is done: with a cookie, so that
// no script reads what stands for the right password.
func (s *Server) secondStep(ctx context.Context) func(identity.SignedIn, error) (identity.SignedIn, error) {
	return func(in identity.SignedIn, err error) (identity.SignedIn, error) {
		var step *identity.SecondStep
		if !errors.As(err, &step) {
			return in, err
		}
		p := problemWith(http.StatusUnauthorized, step.Error())
		p.Type = "/problems/second-step"
		p.Factors = factorsOf(step.Factors)
		cookie := s.stepCookie(step)
		return in, huma.ErrorWithHeaders(p.in(requestFrom(ctx), nil), http.Header{"Set-Cookie": {cookie.String()}})
	}
}

func (s *Server) stepCookie(step *identity.SecondStep) http.Cookie {
	return http.Cookie{Name: stepCookieName, Value: step.Token, Path: Base + "/auth", MaxAge: int(step.ExpiresAt.Sub(s.now()).Seconds()), HttpOnly: true, Secure: s.secure, SameSite: http.SameSiteStrictMode}
}

func factorsOf(f identity.Factors) (out []string) {
	if len(f.Passkeys) > 0 {
		out = append(out, "passkey")
	}
	if f.TOTPSince != nil {
		out = append(out, "totp")
	}
	if f.CodesLeft > 0 {
		out = append(out, "recovery")
	}
	return out
}

func (s *Server) finishByCode(ctx context.Context, in *SecondStepInput) (*SignedInMe, error) {
	return s.welcome(s.svc.Accounts.FinishByCode(ctx, in.Step, identity.CodeKind(in.Body.Kind), in.Body.Code, clientOf(ctx)))
}

func (s *Server) askPasskey(ctx context.Context, in *AskPasskeyInput) (*Body[PasskeyChallenge], error) {
	pending := ""
	if in.Body.SecondStep {
		if pending = in.Step; pending == "" {
			return nil, identity.ErrStepExpired
		}
	}
	return challengeOf(s.svc.Accounts.AskPasskey(ctx, pending, clientOf(ctx)))
}

func challengeOf(c identity.Challenge, err error) (*Body[PasskeyChallenge], error) {
	if err != nil {
		return nil, err
	}
	out := PasskeyChallenge{Token: c.Token}
	if err := json.Unmarshal(c.Options, &out.Options); err != nil {
		return nil, err
	}
	return &Body[PasskeyChallenge]{out}, nil
}

func (s *Server) signInByPasskey(ctx context.Context, in *PasskeySignInInput) (*SignedInMe, error) {
	response, err := json.Marshal(in.Body.Response)
	if err != nil {
		return nil, err
	}
	if in.Body.SecondStep {
		return s.welcome(s.svc.Accounts.FinishByPasskey(ctx, in.Step, in.Body.Token, response, clientOf(ctx)))
	}
	return s.welcome(s.svc.Accounts.SignInByPasskey(ctx, in.Body.Token, response, clientOf(ctx)))
}
