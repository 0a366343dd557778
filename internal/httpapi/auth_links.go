package httpapi

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/identity"
)

// AccountLinks are what mailed links do.
type AccountLinks interface {
	SendVerification(ctx context.Context, a *identity.Actor) error
	ChangeMail(ctx context.Context, a *identity.Actor, email string) error
	VerifyMail(ctx context.Context, token string, from identity.Client) (email string, err error)
	AskReset(ctx context.Context, email string, from identity.Client) error
	ResetPassword(ctx context.Context, token, password string, from identity.Client, end identity.EndStudy) error
}

// MailInput is an address.
type MailInput struct {
	Body struct {
		Email string `json:"email" minLength:"1" maxLength:"254"`
	}
}

// LinkInput is what a mailed link carries.
type LinkInput struct {
	Body struct {
		Token string `json:"token" minLength:"1" maxLength:"200"`
	}
}

// NewPasswordInput sets a password by a mailed link.
type NewPasswordInput struct {
	Body struct {
		Token    string `json:"token" minLength:"1" maxLength:"200"`
		Password string `json:"password" minLength:"8" maxLength:"256" doc:"At least 15 characters without a second factor"`
	}
}

// VerifiedMail is an address that was proved.
type VerifiedMail struct {
	Email string `json:"email"`
}

func (s *Server) registerLinks(a huma.API) {
	tags := []string{"Accounts"}
	register(a, identity.Public, huma.Operation{OperationID: "ask-password-reset", Method: http.MethodPost, Path: "/auth/password-reset", Tags: tags, Summary: "Mail a link that sets a new password, if somebody has the address", DefaultStatus: http.StatusAccepted, MaxBodyBytes: 16 << 10}, s.askReset)
	register(a, identity.Public, huma.Operation{OperationID: "reset-password", Method: http.MethodPost, Path: "/auth/password-reset/completion", Tags: tags, Summary: "Set a new password by a mailed link; ends all sign-ins and access tokens", DefaultStatus: http.StatusNoContent, MaxBodyBytes: 16 << 10}, s.resetPassword)
	register(a, identity.Public, huma.Operation{OperationID: "verify-mail", Method: http.MethodPost, Path: "/auth/mail-verification", Tags: tags, Summary: "Prove an address by a mailed link", MaxBodyBytes: 16 << 10}, s.verifyMail)
	register(a, identity.Own, huma.Operation{OperationID: "send-mail-verification", Method: http.MethodPost, Path: "/me/mail-verification", Tags: tags, Summary: "Mail the link again", DefaultStatus: http.StatusAccepted}, s.sendVerification)
	register(a, identity.Own, huma.Operation{OperationID: "change-mail", Method: http.MethodPut, Path: "/me/email", Tags: tags, Summary: "Mail a link to a new address; it holds once the link is followed", DefaultStatus: http.StatusAccepted, MaxBodyBytes: 16 << 10}, s.changeMail)
}

func (s *Server) askReset(ctx context.Context, in *MailInput) (*Empty, error) {
	return &Empty{}, s.svc.Accounts.AskReset(ctx, in.Body.Email, clientOf(ctx))
}

func (s *Server) resetPassword(ctx context.Context, in *NewPasswordInput) (*Empty, error) {
	return &Empty{}, s.svc.Accounts.ResetPassword(ctx, in.Body.Token, in.Body.Password, clientOf(ctx), s.closeStudy())
}

func (s *Server) verifyMail(ctx context.Context, in *LinkInput) (*Body[VerifiedMail], error) {
	email, err := s.svc.Accounts.VerifyMail(ctx, in.Body.Token, clientOf(ctx))
	if err != nil {
		return nil, err
	}
	return &Body[VerifiedMail]{VerifiedMail{email}}, nil
}

func (s *Server) sendVerification(ctx context.Context, _ *struct{}) (*Empty, error) {
	return &Empty{}, s.svc.Accounts.SendVerification(ctx, identity.ActorFrom(ctx))
}

func (s *Server) changeMail(ctx context.Context, in *MailInput) (*Empty, error) {
	return &Empty{}, s.svc.Accounts.ChangeMail(ctx, identity.ActorFrom(ctx), in.Body.Email)
}

// closeStudy closes what is studied under sign-ins that end; nil without study.
func (s *Server) closeStudy() identity.EndStudy {
	if s.svc.Study == nil {
		return nil
	}
	return func(ctx context.Context, person uuid.UUID, names [][]byte) error {
		for _, name := range names {
			if err := s.svc.Study.CloseSignIn(ctx, person, name); err != nil {
				return err
			}
		}
		return nil
	}
}
