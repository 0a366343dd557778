package catalog

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/media"
)

// Question is one of a lesson's own, which presence checks ask of whoever
// studies it. It grades nobody, and is written in the course's language alone:
// who follows the lecture can answer it.
type Question struct {
	// What it asks about was shown by then: a moment of a video, or a page of a
	// document, from 1. The other is 0.
	AtMS     int64
	Page     int
	Multiple bool // more than one choice may be right
	Prompt   string
	Choices  []Choice
}

// Choice is a possible answer.
type Choice struct {
	Text  string
	Right bool
}

const (
	maxQuestions = 50
	maxPrompt    = 500
	maxChoice    = 200
	minChoices   = 2
	maxChoices   = 8
	maxMomentMS  = 24 * 60 * 60 * 1000
)

// checkQuestions judges what cannot be kept at all; what may still be open is judged by missingQuestions.
func (l Lesson) checkQuestions(at string, bad *fault.Fields) {
	at += ".questions"
	if l.Kind == QuizLesson && len(l.Questions) > 0 {
		bad.Add(at, "a quiz asks questions of its own")
		return
	}
	if len(l.Questions) > maxQuestions {
		bad.Add(at, "must be at most %d", maxQuestions)
	}
	for i, q := range l.Questions {
		q.check(fmt.Sprintf("%s[%d]", at, i), l.Kind, bad)
	}
}

func (q Question) check(at string, kind LessonKind, bad *fault.Fields) {
	switch {
	case q.AtMS < 0 || q.AtMS > maxMomentMS || kind == DocumentLesson && q.AtMS != 0:
		bad.Add(at+".at_ms", "must be a moment of the video, and 0 in a document")
	case kind == DocumentLesson && (q.Page < 1 || q.Page > media.MaxPages) || kind != DocumentLesson && q.Page != 0:
		bad.Add(at+".page", "must be a page of the document from 1, and 0 in a video")
	}
	checkLine(at+".prompt", q.Prompt, maxPrompt, bad)
	if n := len(q.Choices); n < minChoices || n > maxChoices {
		bad.Add(at+".choices", "must be %d to %d", minChoices, maxChoices)
	}
	for i, c := range q.Choices {
		checkLine(fmt.Sprintf("%s.choices[%d].text", at, i), c.Text, maxChoice, bad)
	}
	if !q.Multiple && q.right() > 1 {
		bad.Add(at+".choices", "only one choice may be right")
	}
}

func checkLine(path, text string, limit int, bad *fault.Fields) {
	if utf8.RuneCountInString(text) > limit {
		bad.Add(path, "must be at most %d characters", limit)
	}
	if strings.ContainsRune(text, 0) {
		bad.Add(path, "must not hold a null character")
	}
}

func (q Question) right() (n int) {
	for _, c := range q.Choices {
		if c.Right {
			n++
		}
	}
	return n
}

// missingQuestions tells what keeps the lesson's questions from being asked.
func (l Lesson) missingQuestions(at string, tell func(place, code, message string)) {
	for i, q := range l.Questions {
		at := fmt.Sprintf("%s.questions[%d]", at, i)
		if strings.TrimSpace(q.Prompt) == "" {
			tell(at+".prompt", "empty", "the question is not written")
		}
		for j, c := range q.Choices {
			if strings.TrimSpace(c.Text) == "" {
				tell(fmt.Sprintf("%s.choices[%d].text", at, j), "empty", "the choice is not written")
			}
		}
		switch {
		case q.Multiple && q.right() == 0:
			tell(at+".choices", "some-right", "at least one choice must be right")
		case !q.Multiple && q.right() != 1:
			tell(at+".choices", "one-right", "exactly one choice must be right")
		}
		if l.after(q) {
			tell(at, "after-end", "the lesson is over before the question's moment")
		}
	}
}

// after says that a question would never be asked. Until the file is ready nobody knows.
func (l Lesson) after(q Question) bool {
	if l.AssetID != nil && (l.Asset == nil || l.Asset.State != media.Ready) {
		return false
	}
	if l.Kind == DocumentLesson {
		return l.Reading != nil && q.Page > l.Reading.Pages
	}
	return l.Asset != nil && q.AtMS >= l.Asset.DurationMS
}
