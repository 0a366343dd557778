// Package media knows uploaded videos and documents: what may be uploaded,
// how a video becomes playable, and how it is described to a player.
package media

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/fault"
)

// Kind is what an asset is.
type Kind string

// The kinds of asset.
const (
	Video    Kind = "video"
	Document Kind = "document"
)

// State is how far an asset is on its way.
type State string

// The states of an asset, in their order.
const (
	Uploading State = "uploading"
	Queued    State = "queued"
	Probing   State = "probing"
	Packaging State = "packaging"
	Ready     State = "ready"
	Failed    State = "failed"
)

// PartSize is how large every part of an upload is, the last excepted: small
// enough to be sent again over a bad line, and within one request's bound.
const PartSize = 8 << 20

const (
	maxFilename = 255
	// MaxDocument bounds a PDF; a reader on a phone would not load a larger one.
	MaxDocument = 64 << 20
	// MaxPages bounds a PDF's pages: reading all of them must fit into a lesson.
	MaxPages = 2000
)

// Asset is an uploaded file and what became of it.
type Asset struct {
	ID          uuid.UUID
	OrgID       uuid.UUID
	OrgLineage  []uuid.UUID
	Kind        Kind
	Filename    string
	SizeBytes   int64
	Parts       []int
	State       State
	Progress    int
	FailureCode string
	Failure     string
	DurationMS  int64
	Width       int
	Height      int
	Pages       int // of a PDF; 0: not counted
	Manifest    *Manifest
	Captions    []CaptionCount
	CreatedBy   uuid.UUID
	CreatedAt   time.Time
}

// CaptionCount is how many cues an asset has in a language.
type CaptionCount struct {
	Language string
	Cues     int
}

// NewAsset is an upload to be.
type NewAsset struct {
	OrgID     uuid.UUID
	Kind      Kind
	Filename  string
	SizeBytes int64
}

// Begin judges an upload to be. maxBytes is the operator's bound.
func Begin(id uuid.UUID, n NewAsset, maxBytes int64, by uuid.UUID, now time.Time) (Asset, error) {
	var bad fault.Fields
	if n.Kind != Video && n.Kind != Document {
		bad.Add("body.kind", "must be video or document")
	}
	if n.Kind == Document {
		maxBytes = min(maxBytes, MaxDocument)
	}
	if n.SizeBytes < 1 {
		bad.Add("body.size_bytes", "the file is empty")
	}
	if n.SizeBytes > maxBytes {
		return Asset{}, fault.New(fault.TooLarge, "the file is larger than this server takes", fault.Field{Path: "body.size_bytes", Message: fmt.Sprintf("must be at most %d MiB", maxBytes>>20)})
	}
	name := TidyFilename(n.Filename)
	if err := bad.Err("the upload cannot begin like this"); err != nil {
		return Asset{}, err
	}
	return Asset{ID: id, OrgID: n.OrgID, Kind: n.Kind, Filename: name, SizeBytes: n.SizeBytes, State: Uploading, CreatedBy: by, CreatedAt: now.UTC()}, nil
}

// TidyFilename keeps what a person would recognise of a file's name and drops
// folders, controls and marks that turn the direction of writing. The result
// is shown and never used as a path.
func TidyFilename(name string) string {
	name = strings.ToValidUTF8(name, "")
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	name = strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || (r >= 0x202a && r <= 0x202e) || (r >= 0x2066 && r <= 0x2069) || r == 0x200e || r == 0x200f {
			return -1
		}
		return r
	}, name))
	if name == "" || name == "." || name == ".." || name == "/" {
		return "unnamed"
	}
	if runes := []rune(name); len(runes) > maxFilename {
		ext := []rune(path.Ext(name))
		if len(ext) > 10 {
			ext = nil
		}
		name = string(runes[:maxFilename-len(ext)]) + string(ext)
	}
	return name
}

// PartCount is how many parts the upload has.
func (a Asset) PartCount() int { return int((a.SizeBytes + PartSize - 1) / PartSize) }

// CheckPart judges one part: its number and that it is as long as it must be.
func (a Asset) CheckPart(n int, size int64) error {
	if a.State != Uploading {
		return fault.Coded(fault.Conflict, "upload-complete", "This upload is complete already.")
	}
	if n < 0 || n >= a.PartCount() {
		return fault.New(fault.Invalid, "there is no such part", fault.Field{Path: "path.number", Message: "is not a part of this upload"})
	}
	want := int64(PartSize)
	if n == a.PartCount()-1 {
		want = a.SizeBytes - int64(n)*PartSize
	}
	if size != want {
		return fault.New(fault.Invalid, "this part is not of the right length", fault.Field{Path: "body", Message: fmt.Sprintf("part %d must have %d bytes and has %d", n, want, size)})
	}
	return nil
}

// Missing lists the parts that have not arrived.
func (a Asset) Missing() (out []int) {
	for n := range a.PartCount() {
		if !slices.Contains(a.Parts, n) {
			out = append(out, n)
		}
	}
	return out
}
