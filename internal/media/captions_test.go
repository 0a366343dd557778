package media

import (
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/hourglass-lms/hourglass/internal/fault"
)

func TestCaptionsOfBothKindsAreRead(t *testing.T) {
	t.Parallel()
	want := []Cue{{1000, 2500, "第一句"}, {61_500, 3_600_000, "two\nlines & more"}}
	for _, tc := range []struct{ name, text string }{
		{"WebVTT with header, note, style and settings", "\ufeffWEBVTT - title\n\nNOTE nothing\n\nSTYLE\n::cue {}\n\n1\n00:01.000 --> 00:02.500 line:90%\n<v 讲师>第一句</v>\n\n01:01.500 --> 01:00:00.000\ntwo\nlines &amp; more\n"},
		{"SubRip with carriage returns", "1\r\n00:00:01,000 --> 00:00:02,500\r\n{\\an8}<i>第一句</i>\r\n\r\n2\r\n00:01:01,500 --> 01:00:00,000\r\ntwo\r\nlines & more\r\n"},
		{"cues out of order are put in order", "WEBVTT\n\n00:01:01.500 --> 01:00:00.000\ntwo\nlines & more\n\n00:00:01.000 --> 00:00:02.500\n第一句\n"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, err := ParseCaptions([]byte(tc.text))
			if err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("read %+v, %v", got, err)
			}
		})
	}
}

func TestBrokenCaptionsNameTheLine(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, text, place string }{
		{"nothing", "", "body:1"},
		{"no captions", "WEBVTT\n\nhello\n", "body:1"},
		{"another text encoding", "WEBVTT\n\n\xd6\xd0\xce\xc4", "body:1"},
		{"a time that is none", "WEBVTT\n\n00:99.000 --> 00:99.500\nx\n", "body:3"},
		{"an end before the beginning", "WEBVTT\n\n00:02.000 --> 00:01.000\nx\n", "body:3"},
		{"a caption without end", "WEBVTT\n\n00:02.000 --> \nx\n", "body:3"},
		{"a caption that is a book", "WEBVTT\n\n00:01.000 --> 00:02.000\n" + strings.Repeat("x", 2000) + "\n", "body:4"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := ParseCaptions([]byte(tc.text))
			if f := fault.FieldsOf(err); fault.KindOf(err) != fault.Invalid || len(f) != 1 || f[0].Path != tc.place {
				t.Errorf("error %v at %v, want one at %s", err, f, tc.place)
			}
		})
	}
}

func TestCaptionsComeBackFromWebVTTAsTheyWere(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var cues []Cue
		at := int64(0)
		for range rapid.IntRange(1, 20).Draw(t, "cues") {
			at += rapid.Int64Range(0, 100_000).Draw(t, "gap")
			to := at + rapid.Int64Range(1, 10_000).Draw(t, "length")
			cues = append(cues, Cue{at, to, rapid.StringMatching(`[a-z汉字&]{1,10}< ?[汉字&]{1,10}`).Draw(t, "text")})
		}
		got, err := ParseCaptions(WebVTT(cues))
		if err != nil || !reflect.DeepEqual(got, cues) {
			t.Fatalf("wrote %+v, read %+v, %v", cues, got, err)
		}
	})
}

func TestALoneSignIsText(t *testing.T) {
	t.Parallel()
	got, err := ParseCaptions([]byte("WEBVTT\n\n00:01.000 --> 00:02.000\n1 < 2 and 3 > 2\n<i></i>\n&lt;b&gt; is a tag\n"))
	if want := "1 < 2 and 3 > 2\n<b> is a tag"; err != nil || len(got) != 1 || got[0].Text != want {
		t.Errorf("read %+v, %v", got, err)
	}
}

func FuzzParseCaptions(f *testing.F) {
	f.Add([]byte("WEBVTT\n\n00:01.000 --> 00:02.500\nhello\n"))
	f.Add([]byte("1\r\n00:00:01,000 --> 00:00:02,500\r\n<i>x\r\n"))
	f.Add([]byte("-->\n-->"))
	f.Fuzz(func(t *testing.T, data []byte) {
		cues, err := ParseCaptions(data)
		if err == nil && len(cues) == 0 {
			t.Error("no captions and no error")
		}
		for i, c := range cues {
			if c.FromMS < 0 || c.ToMS <= c.FromMS || c.Text == "" || (i > 0 && cues[i-1].FromMS > c.FromMS) {
				t.Errorf("cue %d is %+v", i, c)
			}
		}
		if err != nil {
			return
		}
		if again, err := ParseCaptions(WebVTT(cues)); err != nil || len(again) != len(cues) {
			t.Errorf("%d captions were written and %d read back: %v", len(cues), len(again), err)
		}
	})
}
