package study_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/study"
)

const goodBeat = `{"token":"abc","seq":3,"state":"playing","visible":true,"spans":[{"from_ms":0,"to_ms":15000,"rate":1.25}]}`

func TestABodyIsReadStrictly(t *testing.T) {
	t.Parallel()
	got, err := study.DecodeBeat([]byte(goodBeat))
	if err != nil || got.Token != "abc" || got.Seq != 3 || got.State != study.Playing || !got.Visible || len(got.Spans) != 1 || got.Spans[0] != (study.Span{ToMS: 15000, Rate: 125}) {
		t.Fatalf("%+v %v", got, err)
	}
	change := func(old, new string) string { return strings.Replace(goodBeat, old, new, 1) }
	for _, tc := range []struct{ name, body, field string }{
		{"a missing token", change(`"token":"abc",`, ``), "body.token"},
		{"an unknown field", change(`"seq"`, `"x":1,"seq"`), "body"},
		{"a field in capitals", change(`"seq":3`, `"SEQ":3`), "body.seq"},
		{"a field twice", change(`"seq":3`, `"seq":3,"seq":4`), "body.seq"},
		{"a sequence of text", change(`"seq":3`, `"seq":"3"`), "body.seq"},
		{"a sequence of nothing", change(`"seq":3`, `"seq":0`), "body.seq"},
		{"a sequence beyond all numbers", change(`"seq":3`, `"seq":9223372036854775808`), "body.seq"},
		{"a state that is none", change(`"playing"`, `"sleeping"`), "body.state"},
		{"a position below zero", change(`"from_ms":0`, `"from_ms":-1`), "body.spans[0].from_ms"},
		{"a position of 2^63", change(`15000`, `9223372036854775808`), "body.spans[0].to_ms"},
		{"a fraction of a millisecond", change(`15000`, `15000.5`), "body.spans[0].to_ms"},
		{"a rate of zero", change(`1.25`, `0`), "body.spans[0].rate"},
		{"an endless rate", change(`1.25`, `1e999`), "body.spans[0].rate"},
		{"spans that are no list", change(`[{"from_ms":0,"to_ms":15000,"rate":1.25}]`, `{}`), "body.spans"},
		{"a span without a rate", change(`,"rate":1.25`, ``), "body.spans[0].rate"},
		{"a list instead of an object", `[]`, "body"},
		{"ten thousand spans", change(`[{"from_ms":0,"to_ms":15000,"rate":1.25}]`, `[`+strings.Repeat(`{"from_ms":0,"to_ms":1,"rate":1},`, 9999)+`{"from_ms":0,"to_ms":1,"rate":1}]`), "body.spans"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, err := study.DecodeBeat([]byte(tc.body))
			f, ok := fault.Of(err)
			if !ok || f.Kind != fault.Invalid {
				t.Fatalf("got %v", err)
			}
			for _, x := range f.Fields {
				if x.Path == tc.field {
					return
				}
			}
			t.Errorf("the fields %v do not name %s", f.Fields, tc.field)
		})
	}
	for _, body := range []string{``, `{`, goodBeat + `x`, `{"token":"` + "\x01" + `"}`, change(`1.25`, `NaN`), change(`1.25`, `01`), strings.Repeat(`[`, 100)} {
		if _, err := study.DecodeBeat([]byte(body)); !errors.Is(err, study.ErrMalformed) {
			t.Errorf("%.40q: %v", body, err)
		}
	}
}

// FuzzDecodeBeat holds the decoder against the standard library's: what it
// takes is JSON and means the same, and it never fails otherwise.
func FuzzDecodeBeat(f *testing.F) {
	f.Add([]byte(goodBeat))
	f.Add([]byte(`{"token":"\u00e9\ud83d\ude00","seq":1,"state":"ended","visible":false,"spans":[]}`))
	f.Add([]byte(`{"a":{"b":[1,-2.5e3,"x\\",null,true]}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		got, err := study.DecodeBeat(body)
		if errors.Is(err, study.ErrMalformed) {
			return
		}
		if !json.Valid(body) {
			t.Fatalf("%q is not JSON and was read: %v", body, err)
		}
		if err != nil {
			return
		}
		var want struct {
			Token string
			Seq   int64
			Spans []struct {
				From int64 `json:"from_ms"`
				To   int64 `json:"to_ms"`
			}
		}
		if err := json.Unmarshal(body, &want); err != nil {
			t.Fatalf("%q: %v", body, err)
		}
		if want.Token != got.Token || want.Seq != got.Seq || len(want.Spans) != len(got.Spans) {
			t.Fatalf("%q was read as %+v", body, got)
		}
		for i, s := range want.Spans {
			if s.From != got.Spans[i].FromMS || s.To != got.Spans[i].ToMS {
				t.Fatalf("%q: span %d was read as %+v", body, i, got.Spans[i])
			}
		}
	})
}
