// Package content is the demonstration's material: organisations, people and
// courses with their lectures, readings and quizzes. LICENSE.md says who may
// use it and how; tools/lectures makes the videos.
package content

import (
	"bytes"
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

//go:embed organisations.yaml people.yaml staff.yaml courses
var files embed.FS

// Text is one text in both languages.
type Text struct {
	Zh string `yaml:"zh" json:"zh"`
	En string `yaml:"en" json:"en"`
}

// Organisation is one node of the tree; parents come before children.
type Organisation struct {
	Key       string `yaml:"key"`
	Kind      string `yaml:"kind"`
	Level     string `yaml:"level"`
	Ownership string `yaml:"ownership"`
	Name      Text   `yaml:"name"`
	Parent    string `yaml:"parent"`
}

// Role is what a person is in an organisation.
type Role struct {
	Role string `yaml:"role"`
	Org  string `yaml:"org"`
}

// Person has an account.
type Person struct {
	Email  string `yaml:"email"`
	Name   string `yaml:"name"`
	Locale string `yaml:"locale"`
	Roles  []Role `yaml:"roles"`
}

// Member is somebody whom an officer looks after, with hours of this year that nobody studied for.
type Member struct {
	Name         string  `yaml:"name"`
	Org          string  `yaml:"org"`
	Professional float64 `yaml:"professional"`
	Public       float64 `yaml:"public"`
}

// Course is a course with everything in it.
type Course struct {
	Slug        string    `yaml:"-"`
	Org         string    `yaml:"org"`
	Author      string    `yaml:"author"`    // writes and uploads
	Submitter   string    `yaml:"submitter"` // hands in
	Reviewer    string    `yaml:"reviewer"`  // approves
	Subject     string    `yaml:"subject"`
	Field       string    `yaml:"field"`
	Language    string    `yaml:"language"`
	Hours       float64   `yaml:"hours"`
	Title       Text      `yaml:"title"`
	Summary     Text      `yaml:"summary"`
	Description Text      `yaml:"description"`
	Outcomes    []Text    `yaml:"outcomes"`
	Chapters    []Chapter `yaml:"chapters"`
}

// Chapter groups lessons.
type Chapter struct {
	Title   Text     `yaml:"title"`
	Lessons []Lesson `yaml:"lessons"`
}

// Lesson is a lecture (a file name without its ending), a reading (likewise), or a quiz.
type Lesson struct {
	Title   Text   `yaml:"title"`
	Lecture string `yaml:"lecture"`
	Reading string `yaml:"reading"`
	// PDF is what a reading is read as, in place of its text, which then introduces it.
	PDF string `yaml:"pdf"`
	// Required, of a reading; lectures and quizzes always are.
	Required bool `yaml:"required"`
	// MinS and MaxS are the seconds that reading takes and counts, as a whole; 0: by its length.
	MinS int   `yaml:"min_s"`
	MaxS int   `yaml:"max_s"`
	Quiz *Quiz `yaml:"quiz"`
	Asks []Ask `yaml:"asks"`
}

// Ask is a question that presence checks may ask during a lecture, in the
// course's language. Several choices may be right if several are.
type Ask struct {
	After   string      `yaml:"after"` // a moment, m:ss
	Prompt  string      `yaml:"prompt"`
	Choices []AskChoice `yaml:"choices"`
}

// AskChoice is a possible answer.
type AskChoice struct {
	Text  string `yaml:"text"`
	Right bool   `yaml:"right"`
}

// Right is how many choices are right.
func (a Ask) Right() (n int) {
	for _, c := range a.Choices {
		if c.Right {
			n++
		}
	}
	return n
}

// Moment is when it may be asked, in milliseconds.
func (a Ask) Moment() (int64, error) {
	minutes, seconds, _ := strings.Cut(a.After, ":")
	d, err := time.ParseDuration(minutes + "m" + seconds + "s")
	return d.Milliseconds(), err
}

// Kind is the lesson's kind as the API names it.
func (l Lesson) Kind() string {
	switch {
	case l.Lecture != "":
		return "video"
	case l.Quiz != nil:
		return "quiz"
	}
	return "document"
}

// Quiz asks.
type Quiz struct {
	PassMark  int        `yaml:"pass_mark"`
	Questions []Question `yaml:"questions"`
}

// Question is a question; its kind follows from its choices unless it says so.
type Question struct {
	Kind    string   `yaml:"kind"`
	Stem    Text     `yaml:"stem"`
	Why     Text     `yaml:"why"`
	Choices []Choice `yaml:"choices"`
}

// Choice is a possible answer.
type Choice struct {
	Text  `yaml:",inline"`
	Right bool `yaml:"right"`
}

// All is everything.
type All struct {
	Organisations []Organisation
	People        []Person
	Staff         []Member
	Courses       []Course
}

// Load reads and checks everything that is embedded.
func Load() (All, error) {
	var all All
	if err := read("organisations.yaml", &all.Organisations); err != nil {
		return all, err
	}
	if err := read("people.yaml", &all.People); err != nil {
		return all, err
	}
	if err := read("staff.yaml", &all.Staff); err != nil {
		return all, err
	}
	dirs, err := fs.ReadDir(files, "courses")
	if err != nil {
		return all, err
	}
	for _, d := range dirs {
		c := Course{}
		if err := read(path.Join("courses", d.Name(), "course.yaml"), &c); err != nil {
			return all, err
		}
		c.Slug = d.Name()
		all.Courses = append(all.Courses, c)
	}
	return all, nil
}

func read(name string, into any) error {
	data, err := files.ReadFile(name)
	if err != nil {
		return err
	}
	d := yaml.NewDecoder(bytes.NewReader(data))
	d.KnownFields(true)
	if err := d.Decode(into); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// File is a file of a course, e.g. "lecture.mp4".
func (c Course) File(name string) ([]byte, error) {
	return files.ReadFile(path.Join("courses", c.Slug, name))
}
