package packager

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/media"
	"github.com/hourglass-lms/hourglass/internal/media/pdfpages"
	"github.com/hourglass-lms/hourglass/storage/objects"
)

// Options say what the packager works with.
type Options struct {
	Store   objects.Store
	FFmpeg  string      // "": ffmpeg
	FFprobe string      // "": ffprobe
	TempDir string      // "": the system's
	Threads int         // of ffmpeg; 0: 2
	Pages   PageCounter // nil: pdfpages.Counter
}

// Packager makes videos playable and documents readable.
type Packager struct {
	store   objects.Store
	tools   tools
	temp    string
	threads int
	pages   PageCounter
}

// New makes a packager.
func New(o Options) *Packager {
	p := &Packager{store: o.Store, tools: tools{o.FFmpeg, o.FFprobe}, temp: o.TempDir, threads: o.Threads, pages: o.Pages}
	if p.pages == nil {
		p.pages = pdfpages.Counter{}
	}
	if p.tools.ffmpeg == "" {
		p.tools.ffmpeg = "ffmpeg"
	}
	if p.tools.ffprobe == "" {
		p.tools.ffprobe = "ffprobe"
	}
	if p.threads <= 0 {
		p.threads = 2
	}
	return p
}

// Progress is told how far the work is: a state and a percentage.
type Progress func(state media.State, percent int)

// Package turns the parts of an upload into a packaged video. A *media.Failure
// is the video's own fault; every other error may pass when tried again.
// Running it again writes the same objects again.
func (p *Packager) Package(ctx context.Context, a media.Asset, tell Progress) (media.Manifest, media.Source, error) {
	dir, err := os.MkdirTemp(p.temp, "hg-media-")
	if err != nil {
		return media.Manifest{}, media.Source{}, fmt.Errorf("working folder: %w", err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	tell = forward(tell)
	tell(media.Probing, 1)
	input := filepath.Join(dir, "input")
	if err := p.assemble(ctx, a, input); err != nil {
		return media.Manifest{}, media.Source{}, err
	}
	src, err := p.tools.examine(ctx, input)
	if err != nil {
		return media.Manifest{}, src, err
	}
	tell(media.Packaging, 5)
	m, err := p.encode(ctx, work{asset: a.ID, input: input, dir: dir, src: &src, tell: tell})
	if err != nil {
		return m, src, err
	}
	return m, src, p.poster(ctx, a.ID, input, dir, src)
}

// forward keeps progress from going back when a copy is given up.
func forward(tell Progress) Progress {
	best := 0
	return func(state media.State, percent int) {
		best = max(best, percent)
		tell(state, best)
	}
}

// assemble joins the parts; their sum must be what was declared.
func (p *Packager) assemble(ctx context.Context, a media.Asset, name string) error {
	out, err := os.Create(name)
	if err != nil {
		return fmt.Errorf("join parts: %w", err)
	}
	defer func() { _ = out.Close() }()
	var total int64
	for n := range a.PartCount() {
		r, _, err := p.store.Get(ctx, media.PartKey(a.ID, n), 0, -1)
		if err != nil {
			return fmt.Errorf("read part %d: %w", n, err)
		}
		written, err := out.ReadFrom(r)
		_ = r.Close()
		if err != nil {
			return fmt.Errorf("join part %d: %w", n, err)
		}
		total += written
	}
	if total != a.SizeBytes {
		return media.ErrPartsDiffer
	}
	return out.Close()
}

// upload stores the segments before anything points at them.
func (p *Packager) upload(ctx context.Context, asset uuid.UUID, dir, rendition string, segments int) error {
	put := func(name, key, contentType string) error {
		f, err := os.Open(filepath.Join(dir, name))
		if err != nil {
			return err
		}
		defer func() { _ = f.Close() }()
		st, err := f.Stat()
		if err != nil {
			return err
		}
		return p.store.Put(ctx, key, f, st.Size(), contentType)
	}
	if err := put("init.mp4", media.InitKey(asset, rendition), media.InitType); err != nil {
		return fmt.Errorf("store %s: %w", rendition, err)
	}
	for n := range segments {
		if err := put(fmt.Sprintf("%d.m4s", n), media.SegmentKey(asset, rendition, n), media.SegmentType); err != nil {
			return fmt.Errorf("store %s segment %d: %w", rendition, n, err)
		}
	}
	return nil
}

// poster is a frame from the first tenth, where titles have faded in.
func (p *Packager) poster(ctx context.Context, asset uuid.UUID, input, dir string, src media.Source) error {
	name := filepath.Join(dir, "poster.jpg")
	width := min(1280, src.Width)
	args := append([]string{"-y", "-nostdin", "-ss", seconds(min(src.PictureMS/10, 5000))}, onlyFiles...)
	args = append(args, "-i", input, "-map", fmt.Sprintf("0:%d", src.VideoStream), "-frames:v", "1",
		"-vf", fmt.Sprintf("scale=%d:%d,setsar=1", width, max(1, src.Height*width/src.Width)), "-q:v", "4", name)
	_, err := run(ctx, nil, p.tools.ffmpeg, args...)
	var said *errTool
	if errors.As(err, &said) {
		return said.reason(media.ErrUnsupported)
	}
	if err != nil {
		return fmt.Errorf("draw poster: %w", err)
	}
	data, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return media.ErrTruncated
	}
	if err != nil {
		return err
	}
	return p.store.Put(ctx, media.PosterKey(asset), bytes.NewReader(data), int64(len(data)), "image/jpeg")
}

// RemoveParts deletes an upload's parts once nothing needs them any more.
func (p *Packager) RemoveParts(ctx context.Context, a media.Asset) error {
	for n := range a.PartCount() {
		if err := p.store.Delete(ctx, media.PartKey(a.ID, n)); err != nil {
			return fmt.Errorf("delete part %d: %w", n, err)
		}
	}
	return nil
}
