package fault

import (
	"context"
	"errors"
	"fmt"
	"testing"
)

func TestKindOf(t *testing.T) {
	cause := errors.New("dial tcp: refused")
	for _, tc := range []struct {
		name string
		err  error
		want Kind
	}{
		{"an unknown error is internal", cause, Internal},
		{"a wrapped fault keeps its kind", fmt.Errorf("publish course: %w", New(Conflict, "already published")), Conflict},
		{"the outermost fault decides", Wrap(Unavailable, New(NotFound, "no row"), "storage away"), Unavailable},
		{"a deadline means somebody did not answer", fmt.Errorf("query: %w", context.DeadlineExceeded), Unavailable},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := KindOf(tc.err); got != tc.want {
				t.Errorf("KindOf(%v) = %v, want %v", tc.err, got, tc.want)
			}
		})
	}
}

func TestWrapKeepsCauseForTheLogOnly(t *testing.T) {
	cause := errors.New("password=secret")
	err := Wrap(Unavailable, cause, "the database is away")
	e, ok := Of(err)
	if !ok || e.Msg != "the database is away" || !errors.Is(err, cause) {
		t.Fatalf("Wrap lost its parts: %#v", err)
	}
	if Wrap(Invalid, nil, "x") != nil {
		t.Fatal("wrapping nil must stay nil")
	}
}

func TestFieldsNameEveryPlaceAtOnce(t *testing.T) {
	var f Fields
	if f.Err("x") != nil {
		t.Fatal("no field, no error")
	}
	f.Add("body.a", "must be at most %d", 3)
	f.Add("body.b", "is required")
	if got := FieldsOf(fmt.Errorf("sign up: %w", f.Err("not valid"))); len(got) != 2 || got[0].Message != "must be at most 3" {
		t.Fatalf("fields = %v", got)
	}
}
