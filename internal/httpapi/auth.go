package httpapi

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/identity"
)

// Me is the signed-in person as they see themselves.
type Me struct {
	ID     uuid.UUID `json:"id"`
	Name   string    `json:"name"`
	Email  string    `json:"email"`
	Locale string    `json:"locale" enum:"zh-CN,en"`
	Roles  []MyRole  `json:"roles"`
}

// MyRole is one current membership.
type MyRole struct {
	Role string `json:"role" enum:"professional,instructor,institution_manager,department_officer,employer_officer,auditor"`
	Org  OrgRef `json:"org"`
}

// SignUpInput opens an account.
type SignUpInput struct {
	Body struct {
		Email    string `json:"email" format:"email" minLength:"3" maxLength:"254"`
		Password string `json:"password" minLength:"8" maxLength:"256" doc:"Length counts, composition does not (NIST SP 800-63B-4); 15 characters or a passphrase is good"`
		Name     string `json:"name" minLength:"1" maxLength:"100" doc:"As it shall stand on certificates"`
		Locale   string `json:"locale,omitempty" enum:"zh-CN,en" default:"zh-CN"`
	}
}

// SignInInput opens a session; the answer sets its cookie.
type SignInInput struct {
	Body struct {
		Email    string `json:"email" minLength:"1" maxLength:"254"`
		Password string `json:"password" minLength:"1" maxLength:"256"`
	}
}

// UpdateMeInput changes what is present.
type UpdateMeInput struct {
	Body struct {
		Name   *string `json:"name,omitempty" minLength:"1" maxLength:"100"`
		Locale *string `json:"locale,omitempty" enum:"zh-CN,en"`
	}
}

func (s *Server) registerAuth(a huma.API) {
	register(a, identity.Public, huma.Operation{OperationID: "sign-up", Method: http.MethodPost, Path: "/auth/sign-up", Tags: []string{"Accounts"}, Summary: "Open an account and sign in", DefaultStatus: http.StatusCreated}, s.signUp)
	register(a, identity.Public, huma.Operation{OperationID: "sign-in", Method: http.MethodPost, Path: "/auth/sign-in", Tags: []string{"Accounts"}, Summary: "Sign in"}, s.signIn)
	register(a, identity.Public, huma.Operation{OperationID: "sign-out", Method: http.MethodPost, Path: "/auth/sign-out", Tags: []string{"Accounts"}, Summary: "Sign out; open study sessions end", DefaultStatus: http.StatusNoContent}, s.signOut)
	register(a, identity.Own, huma.Operation{OperationID: "get-me", Method: http.MethodGet, Path: "/me", Tags: []string{"Accounts"}, Summary: "The signed-in person"}, s.getMe)
	register(a, identity.Own, huma.Operation{OperationID: "update-me", Method: http.MethodPatch, Path: "/me", Tags: []string{"Accounts"}, Summary: "Change one's name or language"}, s.updateMe)
}

func (s *Server) signUp(ctx context.Context, in *SignUpInput) (*Body[Me], error) {
	return nil, errUnwired
}
func (s *Server) signIn(ctx context.Context, in *SignInInput) (*Body[Me], error) {
	return nil, errUnwired
}
func (s *Server) signOut(ctx context.Context, in *struct{}) (*Empty, error)  { return nil, errUnwired }
func (s *Server) getMe(ctx context.Context, in *struct{}) (*Body[Me], error) { return nil, errUnwired }
func (s *Server) updateMe(ctx context.Context, in *UpdateMeInput) (*Body[Me], error) {
	return nil, errUnwired
}
