package httpapi

import (
	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/catalog"
	"github.com/hourglass-lms/hourglass/internal/quiz"
)

// From the wire to the rules.

func fieldsFrom(in DraftFields) catalog.Fields {
	f := catalog.Fields{
		Subject: catalog.Subject(in.Subject), FieldID: in.FieldID, Language: in.Language, Title: catalog.Text(in.Title),
		Summary: catalog.Text(in.Summary), Description: catalog.Text(in.Description), ProposedHours: in.ProposedHours,
	}
	for _, o := range in.Outcomes {
		f.Outcomes = append(f.Outcomes, catalog.Text(o))
	}
	return f
}

func idFrom(id *uuid.UUID) uuid.UUID {
	if id == nil {
		return uuid.Nil
	}
	return *id
}

func outlineFrom(chapters []OutlineChapter) []catalog.Chapter {
	var out []catalog.Chapter
	for _, c := range chapters {
		o := catalog.Chapter{ID: idFrom(c.ID), Title: catalog.Text(c.Title)}
		for _, l := range c.Lessons {
			o.Lessons = append(o.Lessons, lessonFrom(l))
		}
		out = append(out, o)
	}
	return out
}

func lessonFrom(l OutlineLesson) catalog.Lesson {
	out := catalog.Lesson{ID: idFrom(l.ID), Kind: catalog.LessonKind(l.Kind), Title: catalog.Text(l.Title), Required: l.Required, AssetID: l.AssetID, MinS: l.MinS, MaxS: l.MaxS}
	if l.Text != nil {
		out.Body = catalog.Text(*l.Text)
	}
	for _, q := range l.Questions {
		out.Questions = append(out.Questions, questionFrom(q))
	}
	if l.Quiz == nil {
		return out
	}
	out.Quiz = &quiz.Quiz{PassMark: l.Quiz.PassMark, AttemptsAllowed: l.Quiz.AttemptsAllowed, TimeLimitS: l.Quiz.TimeLimitS}
	for _, q := range l.Quiz.Questions {
		x := quiz.Question{ID: idFrom(q.ID), Kind: quiz.Kind(q.Kind), Stem: quiz.Text(q.Stem), Explanation: quiz.Text(q.Explanation), Points: q.Points}
		for _, c := range q.Choices {
			x.Choices = append(x.Choices, quiz.Choice{Text: quiz.Text(c.Text), Correct: c.Correct})
		}
		out.Quiz.Questions = append(out.Quiz.Questions, x)
	}
	return out
}

func questionFrom(q LessonQuestion) catalog.Question {
	out := catalog.Question{AtMS: q.AtMS, Page: q.Page, Multiple: q.Kind == "multiple", Prompt: q.Prompt}
	for _, c := range q.Choices {
		out.Choices = append(out.Choices, catalog.Choice{Text: c.Text, Right: c.Correct})
	}
	return out
}

// From the rules to the wire.

func draftSummaryOf(v catalog.Version) DraftSummary {
	return DraftSummary{
		ID: v.CourseID, Number: v.Number, Provider: orgRefOf(v.Provider), State: string(v.State), Published: v.Published, Subject: string(v.Fields.Subject),
		Field: fieldRefOf(v.Field), Title: Text(v.Fields.Title), ProposedHours: v.Fields.ProposedHours, Hours: v.Hours, UpdatedAt: v.UpdatedAt,
	}
}

func draftOf(v catalog.Version) Draft {
	d := Draft{
		DraftSummary: draftSummaryOf(v), VersionID: v.VersionID, Version: v.Version, Language: v.Fields.Language, Summary: Text(v.Fields.Summary),
		Description: Text(v.Fields.Description), Outcomes: textsOf(v.Fields.Outcomes), Chapters: []DraftChapter{}, Reviews: []ReviewEvent{}, Missing: []Problem{},
	}
	for _, c := range v.Chapters {
		o := DraftChapter{ID: c.ID, Title: Text(c.Title), Lessons: []DraftLesson{}}
		for _, l := range c.Lessons {
			o.Lessons = append(o.Lessons, draftLessonOf(l))
		}
		d.Chapters = append(d.Chapters, o)
	}
	for _, r := range v.Reviews {
		d.Reviews = append(d.Reviews, ReviewEvent{Decision: r.Decision, Hours: r.Hours, Reason: r.Reason, By: PersonRef(r.By), At: r.At})
	}
	if v.State.Editable() {
		for _, m := range v.Missing() {
			d.Missing = append(d.Missing, Problem(m))
		}
	}
	return d
}

func draftLessonOf(l catalog.Lesson) DraftLesson {
	out := DraftLesson{ID: l.ID, Kind: string(l.Kind), Title: Text(l.Title), Required: l.Required, MinS: l.MinS, MaxS: l.MaxS, Reading: readingTimeOf(l.Reading), Questions: []LessonQuestion{}}
	for _, q := range l.Questions {
		out.Questions = append(out.Questions, lessonQuestionOf(q))
	}
	if l.Asset != nil {
		out.Asset = new(assetOf(*l.Asset))
	}
	if l.Kind == catalog.DocumentLesson {
		out.Text = new(Text(l.Body))
	}
	if l.Quiz != nil {
		out.Quiz = draftQuizOf(*l.Quiz)
	}
	return out
}

func lessonQuestionOf(q catalog.Question) LessonQuestion {
	out := LessonQuestion{AtMS: q.AtMS, Page: q.Page, Kind: "single", Prompt: q.Prompt, Choices: []LessonChoice{}}
	if q.Multiple {
		out.Kind = "multiple"
	}
	for _, c := range q.Choices {
		out.Choices = append(out.Choices, LessonChoice{Text: c.Text, Correct: c.Right})
	}
	return out
}

func draftQuizOf(q quiz.Quiz) *DraftQuiz {
	out := &DraftQuiz{ID: q.ID, PassMark: q.PassMark, AttemptsAllowed: q.AttemptsAllowed, TimeLimitS: q.TimeLimitS, Questions: []DraftQuestion{}}
	for _, x := range q.Questions {
		o := DraftQuestion{ID: new(x.ID), Kind: string(x.Kind), Stem: Text(x.Stem), Explanation: Text(x.Explanation), Points: x.Points, Choices: []DraftChoice{}}
		for _, c := range x.Choices {
			o.Choices = append(o.Choices, DraftChoice{Text: Text(c.Text), Correct: c.Correct})
		}
		out.Questions = append(out.Questions, o)
	}
	return out
}
