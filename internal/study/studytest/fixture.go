// Package studytest plants what study stands on, for tests and benchmarks that
// are about nothing else: a course with one packaged video, and people
// enrolled in it.
package studytest

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/hourglass-lms/hourglass/internal/media"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// Course is a published course with one required video.
type Course struct {
	Lesson, Asset, Version, course uuid.UUID
	Manifest                       media.Manifest
}

// Learner is a person who is enrolled.
type Learner struct{ Person, Enrolment uuid.UUID }

// SegmentMS is the length of the video's segments; the last may be shorter.
const SegmentMS = 6000

// PlantCourse writes a course whose video is so long. There are no files behind it.
func PlantCourse(ctx context.Context, db *pg.DB, durationMS int64) (c Course, err error) {
	c = Course{Lesson: newID(), Asset: newID(), Version: newID(), course: newID()}
	c.Manifest = media.Manifest{AssetID: c.Asset, DurationMS: durationMS, Renditions: []media.Rendition{{Name: "720p"}}}
	for at := int64(0); at < durationMS; at += SegmentMS {
		c.Manifest.SegmentMS = append(c.Manifest.SegmentMS, min(SegmentMS, durationMS-at))
	}
	manifest, err := json.Marshal(c.Manifest)
	if err != nil {
		return c, err
	}
	org, author, chapter := newID(), newID(), newID()
	b := &pgx.Batch{}
	b.Queue(`INSERT INTO organisations (id, kind, name_zh, lineage, created_at) VALUES ($1, 'teaching_institution', $2, ARRAY[$1::uuid], now())`, org, org.String())
	b.Queue(`INSERT INTO people (id, name, created_at) VALUES ($1, '顾望舒', now())`, author)
	b.Queue(`INSERT INTO media_assets (id, org_id, kind, filename, size_bytes, part_size, state, duration_ms, manifest, created_by, created_at, updated_at)
		VALUES ($1, $2, 'video', 'a.mp4', 1, 1, 'ready', $3, $4, $5, now(), now())`, c.Asset, org, durationMS, manifest, author)
	b.Queue(`INSERT INTO courses (id, org_id, created_by, created_at) VALUES ($1, $2, $3, now())`, c.course, org, author)
	b.Queue(`INSERT INTO course_versions (id, course_id, number, state, subject, language, title_zh, hours, created_at, updated_at, published_at)
		VALUES ($1, $2, 1, 'published', 'professional', 'zh', '试', 1, now(), now(), now())`, c.Version, c.course)
	b.Queue(`UPDATE courses SET published_version_id = $2 WHERE id = $1`, c.course, c.Version)
	b.Queue(`INSERT INTO chapters (id, version_id, position) VALUES ($1, $2, 1)`, chapter, c.Version)
	b.Queue(`INSERT INTO lessons (id, version_id, chapter_id, position, kind, asset_id, duration_ms) VALUES ($1, $2, $3, 1, 'video', $4, $5)`, c.Lesson, c.Version, chapter, c.Asset, durationMS)
	if err := db.Pool().SendBatch(ctx, b).Close(); err != nil {
		return c, fmt.Errorf("plant a course: %w", err)
	}
	return c, nil
}

// Enrol writes so many people, all enrolled.
func (c Course) Enrol(ctx context.Context, db *pg.DB, n int) ([]Learner, error) {
	people := make([]uuid.UUID, n)
	for i := range people {
		people[i] = newID()
	}
	if _, err := db.Pool().Exec(ctx, `INSERT INTO people (id, name, created_at) SELECT id, '沈知远', $2 FROM unnest($1::uuid[]) id`, people, time.Now().UTC()); err != nil {
		return nil, fmt.Errorf("write people: %w", err)
	}
	return c.EnrolPeople(ctx, db, people)
}

// EnrolPeople enrols people who are there already, each once.
func (c Course) EnrolPeople(ctx context.Context, db *pg.DB, people []uuid.UUID) ([]Learner, error) {
	out := make([]Learner, len(people))
	enrolments := make([]uuid.UUID, len(people))
	for i, p := range people {
		out[i] = Learner{p, newID()}
		enrolments[i] = out[i].Enrolment
	}
	_, err := db.Pool().Exec(ctx, `INSERT INTO enrolments (id, person_id, course_id, version_id, enrolled_at)
		SELECT e, p, $3, $4, now() FROM unnest($1::uuid[], $2::uuid[]) x (e, p)`, enrolments, people, c.course, c.Version)
	if err != nil {
		return nil, fmt.Errorf("enrol people: %w", err)
	}
	return out, nil
}

// SignIn signs people in and gives the values of their cookies.
func SignIn(ctx context.Context, db *pg.DB, people []Learner) ([]string, error) {
	cookies, hashes, ids := make([]string, len(people)), make([][]byte, len(people)), make([]uuid.UUID, len(people))
	for i, p := range people {
		var token [32]byte
		_, _ = rand.Read(token[:]) // never fails: crypto/rand ends the program instead
		hash := sha256.Sum256(token[:])
		cookies[i], hashes[i], ids[i] = base64.RawURLEncoding.EncodeToString(token[:]), hash[:], p.Person
	}
	_, err := db.Pool().Exec(ctx, `INSERT INTO sign_ins (token_hash, person_id, created_at, seen_at, expires_at)
		SELECT h, p, now(), now(), now() + interval '1 day' FROM unnest($1::bytea[], $2::uuid[]) x (h, p)`, hashes, ids)
	if err != nil {
		return nil, fmt.Errorf("sign people in: %w", err)
	}
	return cookies, nil
}

func newID() uuid.UUID { return uuid.Must(uuid.NewV7()) }
