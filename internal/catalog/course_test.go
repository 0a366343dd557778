package catalog

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/media"
	"github.com/hourglass-lms/hourglass/internal/org"
	"github.com/hourglass-lms/hourglass/internal/quiz"
)

// whole is a version that may be submitted: a video and a quiz, both required,
// and something to read.
func whole() Version {
	text := Text{Zh: "节水", En: "Saving water"}
	field, hours := "agriculture", 2.5
	asset := &media.Asset{ID: uuid.New(), Kind: media.Video, State: media.Ready, DurationMS: 61_500}
	asked := quiz.Question{Kind: quiz.TrueFalse, Stem: text, Points: 1, Choices: []quiz.Choice{{ID: "a", Text: text, Correct: true}, {ID: "b", Text: text}}}
	return Version{
		Fields: Fields{Subject: Professional, FieldID: &field, Language: "zh", Title: text, Summary: text, Description: text, ProposedHours: &hours},
		Chapters: []Chapter{{ID: uuid.New(), Title: text, Lessons: []Lesson{
			{ID: uuid.New(), Kind: VideoLesson, Title: text, Required: true, AssetID: &asset.ID, Asset: asset},
			{ID: uuid.New(), Kind: DocumentLesson, Title: text, Body: text},
			{ID: uuid.New(), Kind: QuizLesson, Title: text, Required: true, Quiz: &quiz.Quiz{PassMark: 60, Questions: []quiz.Question{asked}}},
		}}},
	}
}

func paths(bad fault.Fields) []string {
	out := []string{}
	for _, f := range bad {
		out = append(out, f.Path)
	}
	slices.Sort(out)
	return out
}

func TestEveryKindOfOrganisationPublishesItsOwnSubject(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name    string
		kind    org.Kind
		subject Subject
		wrong   string // the field that is; "": it may
	}{
		{"a teaching institution publishes professional subjects", org.TeachingInstitution, Professional, ""},
		{"a teaching institution publishes no public subjects", org.TeachingInstitution, Public, "body.subject"},
		{"a personnel department publishes public subjects", org.PersonnelDepartment, Public, ""},
		{"a personnel department publishes no professional subjects", org.PersonnelDepartment, Professional, "body.subject"},
		{"an industry department publishes nothing", org.IndustryDepartment, Professional, "body.org_id"},
		{"an employer publishes nothing", org.Employer, Professional, "body.org_id"},
		{"a subject that is not known is published by nobody", org.PersonnelDepartment, "private", "body.subject"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			err := MayPublish(tc.kind, tc.subject)
			if tc.wrong == "" {
				if err != nil {
					t.Errorf("refused: %v", err)
				}
				return
			}
			f, ok := fault.Of(err)
			if !ok || f.Kind != fault.Invalid || len(f.Fields) != 1 || f.Fields[0].Path != tc.wrong {
				t.Errorf("answered %+v, want %s", err, tc.wrong)
			}
		})
	}
}

func TestOnlyDraftsAndReturnedVersionsAreEdited(t *testing.T) {
	t.Parallel()
	for state, want := range map[State]bool{Draft: true, Returned: true, Submitted: false, Published: false, Superseded: false} {
		if state.Editable() != want {
			t.Errorf("%s is edited: %v", state, !want)
		}
	}
}

func TestCreditHoursComeInQuarters(t *testing.T) {
	t.Parallel()
	for h, want := range map[float64]bool{0.25: true, 1: true, 72.75: true, 200: true, 0: false, -1: false, 0.1: false, 1.3: false, 200.25: false} {
		var bad fault.Fields
		if CheckHours("hours", h, &bad); (len(bad) == 0) != want {
			t.Errorf("%v hours: %v", h, bad)
		}
	}
	for _, h := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		var bad fault.Fields
		if CheckHours("hours", h, &bad); len(bad) != 1 || bad[0].Path != "hours" {
			t.Errorf("%v hours: %v", h, bad)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		quarters := rapid.IntRange(1, 800).Draw(t, "quarters")
		off := rapid.Float64Range(0.001, 0.249).Draw(t, "off")
		var good, bad fault.Fields
		CheckHours("hours", float64(quarters)/4, &good)
		CheckHours("hours", float64(quarters)/4-off, &bad)
		if len(good) != 0 || len(bad) != 1 {
			t.Fatalf("%v hours: %v, %v less: %v", float64(quarters)/4, good, off, bad)
		}
	})
}

func TestFieldsThatCannotBeKeptAreAllNamedAtOnce(t *testing.T) {
	t.Parallel()
	hours := 0.1
	long := strings.Repeat("水", 201)
	f := Fields{Subject: "x", Language: "fr", Title: Text{Zh: long}, Summary: Text{En: "a\x00b"}, Outcomes: []Text{{}, {En: strings.Repeat("x", 301)}}, ProposedHours: &hours}
	var bad fault.Fields
	f.Check("body", &bad)
	want := []string{"body.language", "body.outcomes[1].en", "body.proposed_hours", "body.subject", "body.summary.en", "body.title.zh"}
	if got := paths(bad); !slices.Equal(got, want) {
		t.Errorf("named %v, want %v", got, want)
	}
	bad = nil
	f = whole().Fields
	f.Title.Zh = long[:len(long)-len("水")] // characters are counted, not bytes
	if f.Check("body", &bad); len(bad) != 0 {
		t.Errorf("a good one: %v", bad)
	}
}

func TestAnOutlineThatCannotBeKeptIsRefusedWhereItIsWrong(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		change func(*Chapter)
		want   []string
	}{
		{"a whole one is kept", func(*Chapter) {}, []string{}},
		{"an empty one is kept: it is a draft", func(c *Chapter) { c.Lessons = nil }, []string{}},
		{"new lessons have no id yet", func(c *Chapter) { c.Lessons[0].ID, c.Lessons[1].ID = uuid.Nil, uuid.Nil }, []string{}},
		{"one lesson is not there twice", func(c *Chapter) { c.Lessons[1].ID = c.Lessons[0].ID }, []string{"body.chapters[0].lessons[1].id"}},
		{"a document may be required", func(c *Chapter) { c.Lessons[1].Required = true }, []string{}},
		{"a document has its times", func(c *Chapter) { c.Lessons[1].MinS, c.Lessons[1].MaxS = 60, 60 }, []string{}},
		{"the most may be left to the length", func(c *Chapter) { c.Lessons[1].MinS = 86_400 }, []string{}},
		{"a time is not negative", func(c *Chapter) { c.Lessons[1].MinS = -1 }, []string{"body.chapters[0].lessons[1].min_s"}},
		{"a time is a day at most", func(c *Chapter) { c.Lessons[1].MaxS = 86_401 }, []string{"body.chapters[0].lessons[1].max_s"}},
		{"the most is not less than the least", func(c *Chapter) { c.Lessons[1].MinS, c.Lessons[1].MaxS = 61, 60 }, []string{"body.chapters[0].lessons[1].max_s"}},
		{"a video is not read", func(c *Chapter) { c.Lessons[0].MaxS = 60 }, []string{"body.chapters[0].lessons[0].min_s"}},
		{"a quiz is not read", func(c *Chapter) { c.Lessons[2].MinS = 60 }, []string{"body.chapters[0].lessons[2].min_s"}},
		{"a quiz has no file", func(c *Chapter) { c.Lessons[2].AssetID = c.Lessons[0].AssetID }, []string{"body.chapters[0].lessons[2].asset_id"}},
		{"a video has no quiz", func(c *Chapter) { c.Lessons[0].Quiz = c.Lessons[2].Quiz }, []string{"body.chapters[0].lessons[0].quiz"}},
		{"a document has no quiz", func(c *Chapter) { c.Lessons[1].Quiz = c.Lessons[2].Quiz }, []string{"body.chapters[0].lessons[1].quiz"}},
		{"a kind is one of three", func(c *Chapter) { c.Lessons[0].Kind = "game" }, []string{"body.chapters[0].lessons[0].kind"}},
		{"a text has its bound", func(c *Chapter) { c.Lessons[1].Body.En = strings.Repeat("x", 100_001) }, []string{"body.chapters[0].lessons[1].text.en"}},
		{"a title has its bound", func(c *Chapter) { c.Title.Zh = strings.Repeat("水", 201) }, []string{"body.chapters[0].title.zh"}},
		{"a quiz is judged too", func(c *Chapter) { c.Lessons[2].Quiz.PassMark = 0 }, []string{"body.chapters[0].lessons[2].quiz.pass_mark"}},
		{"one question is not in two quizzes", func(c *Chapter) {
			c.Lessons[2].Quiz.Questions[0].ID = uuid.New()
			c.Lessons = append(c.Lessons, Lesson{Kind: QuizLesson, Quiz: &quiz.Quiz{PassMark: 1, Questions: c.Lessons[2].Quiz.Questions}})
		}, []string{"body.chapters[0].lessons[3].quiz.questions[0].id"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			v := whole()
			tc.change(&v.Chapters[0])
			var bad fault.Fields
			CheckOutline("body", v.Chapters, &bad)
			if got := paths(bad); !slices.Equal(got, tc.want) {
				t.Errorf("refused %v, want %v", got, tc.want)
			}
		})
	}
}

func TestAVersionSaysWhatKeepsItFromBeingSubmitted(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		change func(*Version)
		want   string // places and codes
	}{
		{"nothing is missing", func(*Version) {}, ""},
		{"the course's own language is what counts", func(v *Version) { v.Fields.Title.En, v.Fields.Summary.En = "", " " }, ""},
		{"a title in the other language is none", func(v *Version) { v.Fields.Language, v.Fields.Title.En = "en", " \n" }, "title.en empty"},
		{"a professional subject has a field", func(v *Version) { v.Fields.FieldID = nil }, "field_id no-field"},
		{"a public subject needs none", func(v *Version) { v.Fields.Subject, v.Fields.FieldID = Public, nil }, ""},
		{"hours are proposed", func(v *Version) { v.Fields.ProposedHours = nil }, "proposed_hours no-hours"},
		{"something is required", func(v *Version) {
			for i := range v.Chapters[0].Lessons {
				v.Chapters[0].Lessons[i].Required = false
			}
		}, "chapters nothing-required"},
		{"no chapters at all", func(v *Version) { v.Chapters = nil }, "chapters nothing-required"},
		{"a chapter has a title and lessons", func(v *Version) { v.Chapters = append(v.Chapters, Chapter{}) }, "chapters[1].title empty, chapters[1] no-lessons"},
		{"a lesson has a title", func(v *Version) { v.Chapters[0].Lessons[1].Title = Text{} }, "chapters[0].lessons[1].title empty"},
		{"a video is uploaded", func(v *Version) { v.Chapters[0].Lessons[0].AssetID, v.Chapters[0].Lessons[0].Asset = nil, nil }, "chapters[0].lessons[0].asset no-video"},
		{"a video is packaged", func(v *Version) { v.Chapters[0].Lessons[0].Asset.State = media.Packaging }, "chapters[0].lessons[0].asset asset-not-ready"},
		{"a video is usable", func(v *Version) { v.Chapters[0].Lessons[0].Asset.State = media.Failed }, "chapters[0].lessons[0].asset asset-failed"},
		{"a document has a text", func(v *Version) { v.Chapters[0].Lessons[1].Body = Text{Zh: " "} }, "chapters[0].lessons[1] no-content"},
		{"or a file", func(v *Version) {
			l := &v.Chapters[0].Lessons[1]
			l.Body, l.Asset, l.AssetID = Text{}, v.Chapters[0].Lessons[0].Asset, v.Chapters[0].Lessons[0].AssetID
		}, ""},
		{"a quiz asks", func(v *Version) { v.Chapters[0].Lessons[2].Quiz = nil }, "chapters[0].lessons[2].quiz no-questions"},
		{"a question has a right answer", func(v *Version) { v.Chapters[0].Lessons[2].Quiz.Questions[0].Choices[0].Correct = false }, "chapters[0].lessons[2].quiz.questions[0].choices one-right"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			v := whole()
			tc.change(&v)
			var got []string
			for _, p := range v.Missing() {
				got = append(got, p.Place+" "+p.Code)
				if p.Message == "" {
					t.Errorf("%s is not said in words", p.Place)
				}
			}
			if text := strings.Join(got, ", "); text != tc.want {
				t.Errorf("missing %q, want %q", text, tc.want)
			}
		})
	}
}

func TestCaptionsAreToldOfWhenEveryVideoHasThem(t *testing.T) {
	t.Parallel()
	video := func(captions ...media.CaptionCount) Lesson {
		return Lesson{Kind: VideoLesson, Asset: &media.Asset{Captions: captions}}
	}
	zh, en, none := media.CaptionCount{Language: "zh", Cues: 3}, media.CaptionCount{Language: "en", Cues: 1}, media.CaptionCount{Language: "en"}
	for _, tc := range []struct {
		name    string
		lessons []Lesson
		want    string
	}{
		{"no videos, no captions", []Lesson{{Kind: DocumentLesson}}, ""},
		{"both languages on the only video", []Lesson{video(en, zh)}, "zh en"},
		{"one video without them is enough", []Lesson{video(zh, en), video(zh)}, "zh"},
		{"a track without cues is none", []Lesson{video(zh, none)}, "zh"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := strings.Join(Version{Chapters: []Chapter{{Lessons: tc.lessons}}}.Captions(), " "); got != tc.want {
				t.Errorf("captions %q, want %q", got, tc.want)
			}
		})
	}
}

func TestTotalsCountVideosToTheSecondAndReadingAtLeast(t *testing.T) {
	t.Parallel()
	if seconds, video, document := whole().Totals(); seconds != 62+20 || !video || !document {
		t.Errorf("totals %d %v %v", seconds, video, document)
	}
	if seconds, video, document := (Version{}).Totals(); seconds != 0 || video || document {
		t.Errorf("of nothing: %d %v %v", seconds, video, document)
	}
}
