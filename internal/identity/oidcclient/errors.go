package oidcclient

import (
	"errors"
	"fmt"
	"strings"
	"time"

	goidc "github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/hourglass-lms/hourglass/internal/fault"
)

// wrong refuses an answer. What exactly was not right is for the log: it may
// have been made by an attacker.
func wrong(cause error) error {
	return coded(fault.Invalid, "provider-answer", "The provider's answer is not right.", cause)
}

func coded(k fault.Kind, code, msg string, cause error) error {
	return fmt.Errorf("%w (%s)", fault.Coded(k, code, msg), strings.ToValidUTF8(clip(cause.Error()), ""))
}

// clip bounds what a provider can write into our log.
func clip(text string) string { return text[:min(len(text), 300)] }

// explain gives an error on the way to a provider its kind.
func explain(err error) error {
	var lies *goidc.IssuerMismatchError
	var refused *oauth2.RetrieveError
	switch {
	case errors.As(err, &lies):
		return coded(fault.Invalid, "provider-issuer", "The provider says it is somebody else: its issuer must be written here exactly as the provider writes it.", err)
	case errors.Is(err, errAddress):
		return coded(fault.Invalid, "provider-address", "The provider is at an address that is not asked: it must be a public one, by https, without redirects.", err)
	case errors.As(err, &refused) && refused.Response != nil && refused.Response.StatusCode < 500:
		return coded(fault.Invalid, "provider-refused", "The provider did not accept the code or our client id and secret.", err)
	}
	away := &fault.Error{Kind: fault.Unavailable, Code: "provider-away", Msg: "The provider does not answer at the moment.", Retry: 5 * time.Second}
	return fmt.Errorf("%w (%s)", away, clip(err.Error()))
}

// explainToken tells a token that is wrong from keys that could not be had.
func explainToken(err error) error {
	var expired *goidc.TokenExpiredError
	if errors.As(err, &expired) {
		return coded(fault.Invalid, "provider-clock", "The provider's answer has expired: its clock and ours may be apart.", err)
	}
	if strings.Contains(err.Error(), "fetching keys") {
		return explain(err)
	}
	return wrong(err)
}
