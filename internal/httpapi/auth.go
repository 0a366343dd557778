package httpapi

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/identity"
)

// cookieName names the cookie that holds the sign-in token.
const cookieName = "hourglass_session"

// Accounts opens accounts, signs people in and out, and knows who a token is.
type Accounts interface {
	SignUp(ctx context.Context, in identity.NewAccount, from identity.Client) (identity.SignedIn, error)
	SignIn(ctx context.Context, email, password string, from identity.Client) (identity.SignedIn, error)
	SignOut(ctx context.Context, token string) error
	// Authenticate is nil, nil for a token that does not hold (any more).
	Authenticate(ctx context.Context, token string) (*identity.Actor, error)
	Profile(ctx context.Context, person uuid.UUID) (identity.Profile, error)
	UpdateProfile(ctx context.Context, person uuid.UUID, change identity.ProfileChange) (identity.Profile, error)
	SecondSteps
	AccountLinks
	AccountSecurity
}

// Me is the signed-in person as they see themselves.
type Me struct {
	ID     uuid.UUID `json:"id"`
	Name   string    `json:"name"`
	Email  string    `json:"email"`
	Locale string    `json:"locale" enum:"zh-CN,en"`
	Roles  []MyRole  `json:"roles"`
	// Whether the account is guarded as its roles ask.
	MailVerified bool `json:"mail_verified" doc:"A link mailed to the address was followed"`
	SecondFactor bool `json:"second_factor" doc:"There is one beside the password"`
	FactorAsked  bool `json:"second_factor_required" doc:"A role of theirs sleeps until there is one: 403 second-factor-required"`
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
		Password string `json:"password" minLength:"15" maxLength:"256" doc:"Length counts, composition does not (NIST SP 800-63B-4)"`
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

// SignedInMe is the person together with the cookie that signs them in.
type SignedInMe struct {
	SetCookie http.Cookie `header:"Set-Cookie"`
	Body      Me
}

// Session says who is signed in.
type Session struct {
	Me *Me `json:"me,omitempty" doc:"Nobody, if it is not there"`
}

// SignedOut takes the cookie back.
type SignedOut struct {
	SetCookie http.Cookie `header:"Set-Cookie"`
}

func (s *Server) registerAuth(a huma.API) {
	register(a, identity.Public, huma.Operation{OperationID: "sign-up", Method: http.MethodPost, Path: "/auth/sign-up", Tags: []string{"Accounts"}, Summary: "Open an account and sign in", DefaultStatus: http.StatusCreated, MaxBodyBytes: 16 << 10}, s.signUp)
	register(a, identity.Public, huma.Operation{OperationID: "sign-in", Method: http.MethodPost, Path: "/auth/sign-in", Tags: []string{"Accounts"}, Summary: "Sign in; 401 second-step names what else is asked for", MaxBodyBytes: 16 << 10}, s.signIn)
	register(a, identity.Public, huma.Operation{OperationID: "sign-out", Method: http.MethodPost, Path: "/auth/sign-out", Tags: []string{"Accounts"}, Summary: "Sign out; open study sessions end", DefaultStatus: http.StatusNoContent}, s.signOut)
	register(a, identity.Public, huma.Operation{OperationID: "get-sign-in", Method: http.MethodGet, Path: "/auth/session", Tags: []string{"Accounts"}, Summary: "Who is signed in, if anybody"}, s.getSignIn)
	register(a, identity.Own, huma.Operation{OperationID: "get-me", Method: http.MethodGet, Path: "/me", Tags: []string{"Accounts"}, Summary: "The signed-in person"}, s.getMe)
	register(a, identity.Own, huma.Operation{OperationID: "update-me", Method: http.MethodPatch, Path: "/me", Tags: []string{"Accounts"}, Summary: "Change one's name or language", MaxBodyBytes: 16 << 10}, s.updateMe)
}

func (s *Server) signUp(ctx context.Context, in *SignUpInput) (*SignedInMe, error) {
	b := in.Body
	return s.welcome(s.svc.Accounts.SignUp(ctx, identity.NewAccount{Email: b.Email, Password: b.Password, Name: b.Name, Locale: b.Locale}, clientOf(ctx)))
}

func (s *Server) signIn(ctx context.Context, in *SignInInput) (*SignedInMe, error) {
	return s.welcome(s.secondStep(ctx)(s.svc.Accounts.SignIn(ctx, in.Body.Email, in.Body.Password, clientOf(ctx))))
}

func (s *Server) welcome(in identity.SignedIn, err error) (*SignedInMe, error) {
	if err != nil {
		return nil, err
	}
	return &SignedInMe{SetCookie: s.cookie(in.Token, int(in.ExpiresAt.Sub(s.now()).Seconds())), Body: meOf(in.Profile)}, nil
}

func (s *Server) signOut(ctx context.Context, _ *struct{}) (*SignedOut, error) {
	if token := requestFrom(ctx).by.cookie; token != "" {
		if err := s.endSignIn(ctx, token); err != nil {
			return nil, err
		}
	}
	return &SignedOut{SetCookie: s.cookie("", -1)}, nil
}

// endSignIn closes study before, so that all can be tried again when that
// fails, and after, for a session that was opened in between.
func (s *Server) endSignIn(ctx context.Context, token string) error {
	actor, err := s.authenticate(ctx, token)
	if err != nil {
		return err
	}
	if err := s.endStudy(ctx, actor, token); err != nil {
		return err
	}
	if err := s.svc.Accounts.SignOut(ctx, token); err != nil {
		return err
	}
	return s.endStudy(ctx, actor, token)
}

// getSignIn is for pages that anybody may see: a visitor is no error to them.
func (s *Server) getSignIn(ctx context.Context, _ *struct{}) (*Body[Session], error) {
	actor := identity.ActorFrom(ctx)
	if actor == nil {
		return &Body[Session]{}, nil
	}
	p, err := s.svc.Accounts.Profile(ctx, actor.PersonID)
	if err != nil {
		return nil, err
	}
	return &Body[Session]{Session{new(meOf(p))}}, nil
}

func (s *Server) getMe(ctx context.Context, _ *struct{}) (*Body[Me], error) {
	p, err := s.svc.Accounts.Profile(ctx, identity.ActorFrom(ctx).PersonID)
	if err != nil {
		return nil, err
	}
	return &Body[Me]{meOf(p)}, nil
}

func (s *Server) updateMe(ctx context.Context, in *UpdateMeInput) (*Body[Me], error) {
	change := identity.ProfileChange{Name: in.Body.Name, Locale: in.Body.Locale}
	p, err := s.svc.Accounts.UpdateProfile(ctx, identity.ActorFrom(ctx).PersonID, change)
	if err != nil {
		return nil, err
	}
	return &Body[Me]{meOf(p)}, nil
}

// cookie outlives the browser by its age: sign-in is sliding, so the token
// itself is what expires and the cookie merely must not go before it.
func (s *Server) cookie(token string, maxAge int) http.Cookie {
	if maxAge > 0 {
		maxAge = int((400 * 24 * time.Hour).Seconds())
	}
	return http.Cookie{Name: cookieName, Value: token, Path: "/", MaxAge: maxAge, HttpOnly: true, Secure: s.secure, SameSite: http.SameSiteLaxMode}
}

func clientOf(ctx context.Context) identity.Client {
	r := requestFrom(ctx)
	return identity.Client{Address: r.address, UserAgent: r.userAgent, Device: deviceOf(r.userAgent)}
}

func meOf(p identity.Profile) Me {
	me := Me{ID: p.PersonID, Name: p.Name, Email: p.Email, Locale: p.Locale, Roles: []MyRole{}, MailVerified: p.Verified, SecondFactor: p.SecondFactor, FactorAsked: p.FactorAsked}
	for _, r := range p.Roles {
		me.Roles = append(me.Roles, MyRole{Role: string(r.Role), Org: orgRefOf(r.Org)})
	}
	return me
}
