package packager

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/media"
	"github.com/hourglass-lms/hourglass/storage/objects"
)

// Options say what the packager works with.
type Options struct {
	Store   objects.Store
	FFmpeg  string // "": ffmpeg
	FFprobe string // "": ffprobe
	TempDir string // "": the system's
	Threads int    // of ffmpeg; 0: 2
}

// Packager makes videos playable.
type Packager struct {
	store   objects.Store
	tools   tools
	temp    string
	threads int
}

// New makes a packager.
func New(o Options) *Packager {
	p := &Packager{store: o.Store, tools: tools{o.FFmpeg, o.FFprobe}, temp: o.TempDir, threads: o.Threads}
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
	tell(media.Probing, 1)
	input := filepath.Join(dir, "input")
	if err := p.assemble(ctx, a, input); err != nil {
		return media.Manifest{}, media.Source{}, err
	}
	src, err := p.examine(ctx, input)
	if err != nil {
		return media.Manifest{}, src, err
	}
	tell(media.Packaging, 5)
	m, err := p.encode(ctx, a.ID, input, dir, src, tell)
	if err != nil {
		return m, src, err
	}
	return m, src, p.poster(ctx, a.ID, input, dir, src)
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

// examine probes and, where the video might be copied, finds its keyframes.
func (p *Packager) examine(ctx context.Context, input string) (media.Source, error) {
	data, err := p.tools.probe(ctx, input)
	var said *errTool
	if errors.As(err, &said) {
		return media.Source{}, whyUnreadable(said.text)
	}
	if err != nil {
		return media.Source{}, err
	}
	src, err := media.ReadProbe(data)
	if err != nil || src.Video != "h264" {
		return src, err
	}
	keys, constant, err := p.tools.frames(ctx, input)
	if errors.As(err, &said) {
		return src, media.ErrTruncated
	}
	src.KeyframesMS, src.Constant = keys, src.Constant && constant
	return src, err
}

// whyUnreadable tells a video that was cut off from what never was one.
func whyUnreadable(text string) error {
	if strings.Contains(text, "moov atom not found") || strings.Contains(text, "partial file") {
		return media.ErrTruncated
	}
	return media.ErrNotVideo
}

// encode makes all rungs, each into its own folder, and uploads them.
func (p *Packager) encode(ctx context.Context, asset uuid.UUID, input, dir string, src media.Source, tell Progress) (media.Manifest, error) {
	rungs, cuts := src.Ladder(), src.Cuts()
	m := media.Manifest{AssetID: asset}
	for i, r := range rungs {
		out := filepath.Join(dir, r.Name)
		if err := os.Mkdir(out, 0o700); err != nil {
			return m, err
		}
		share := func(part float64) { tell(media.Packaging, 5+int(90*(float64(i)+part)/float64(len(rungs)))) }
		if err := p.rung(ctx, input, out, src, r, cuts, share); err != nil {
			return m, err
		}
		made, err := readRung(ctx, p.tools, out, r)
		if err != nil {
			return m, err
		}
		if i == 0 {
			m.SegmentMS = made.segmentMS
		} else if len(made.segmentMS) != len(m.SegmentMS) {
			return m, fmt.Errorf("rendition %s has %d segments, the first has %d", r.Name, len(made.segmentMS), len(m.SegmentMS))
		}
		m.Renditions = append(m.Renditions, made.rendition)
		if err := p.upload(ctx, asset, out, r.Name, len(made.segmentMS)); err != nil {
			return m, err
		}
		_ = os.RemoveAll(out) // bounded disk: one rung at a time
	}
	for _, ms := range m.SegmentMS {
		m.DurationMS += ms
	}
	return m, covers(m, src)
}

// covers: ffmpeg stops quietly where a file is damaged. What was made must be
// about as long as what the file said it is.
func covers(m media.Manifest, src media.Source) error {
	if m.DurationMS < src.DurationMS*97/100-1000 {
		return media.ErrTruncated
	}
	return nil
}

func (p *Packager) rung(ctx context.Context, input, out string, src media.Source, r media.Rung, cuts []int64, share func(float64)) error {
	args := append([]string{"-y", "-nostdin", "-threads", strconv.Itoa(p.threads)}, onlyFiles...)
	args = append(args, "-progress", "pipe:1", "-i", input)
	if src.Audio == "" {
		// Silence, so that every rendition has the same two tracks.
		args = append(args, "-t", seconds(src.DurationMS), "-f", "lavfi", "-i", "anullsrc=channel_layout=mono:sample_rate=48000")
	}
	args = append(args, "-map", "0:v:0")
	if src.Audio == "" {
		args = append(args, "-map", "1:a:0", "-c:a", "aac", "-b:a", "32k")
	} else {
		args = append(args, "-map", "0:a:0")
		args = append(args, audioArgs(src, r)...)
	}
	args = append(args, videoArgs(src, r, cuts)...)
	args = append(args, "-sn", "-dn", "-map_metadata", "-1", "-map_chapters", "-1",
		"-f", "hls", "-hls_time", strconv.Itoa(media.TargetSegmentMS/1000), "-hls_playlist_type", "vod", "-hls_segment_type", "fmp4",
		"-hls_flags", "independent_segments", "-hls_fmp4_init_filename", "init.mp4",
		"-hls_segment_filename", filepath.Join(out, "%d.m4s"), filepath.Join(out, "index.m3u8"))
	_, err := run(ctx, func(line string) {
		if us, ok := strings.CutPrefix(line, "out_time_us="); ok {
			if n, err := strconv.ParseInt(us, 10, 64); err == nil {
				share(min(1, max(0, float64(n)/1000/float64(src.DurationMS))))
			}
		}
	}, p.tools.ffmpeg, args...)
	var said *errTool
	if errors.As(err, &said) {
		if strings.Contains(said.text, "No space left") {
			return fmt.Errorf("encode: %w", err)
		}
		return media.ErrTruncated
	}
	return err
}

func audioArgs(src media.Source, r media.Rung) []string {
	if r.Copy {
		return []string{"-c:a", "copy"}
	}
	if src.Audio == "aac" && src.Copyable() {
		return []string{"-c:a", "copy"} // the same sound in every rung: changing quality is not heard
	}
	return []string{"-c:a", "aac", "-b:a", "96k", "-ac", "2", "-ar", "48000"}
}

func videoArgs(src media.Source, r media.Rung, cuts []int64) []string {
	if r.Copy {
		return []string{"-c:v", "copy"}
	}
	times := make([]string, len(cuts))
	for i, ms := range cuts {
		// A little early: the times are rounded, and a keyframe one frame late would not align.
		times[i] = seconds(max(0, ms-3))
	}
	rate := strconv.Itoa(r.Bitrate)
	filter := fmt.Sprintf("scale=%d:%d:flags=bicubic,setsar=1,format=yuv420p", r.Width, r.Height)
	if src.Interlaced {
		filter = "yadif," + filter
	}
	if !src.Constant || src.FrameRate > 60 {
		filter = "fps=30," + filter
	}
	return []string{"-vf", filter, "-c:v", "libx264", "-preset", "veryfast", "-profile:v", "high", "-crf", "23", "-maxrate", rate, "-bufsize", strconv.Itoa(2 * r.Bitrate),
		"-force_key_frames", strings.Join(times, ","), "-sc_threshold", "0", "-g", "100000",
		// No B-frames: they would begin every rendition late by a frame or two.
		"-bf", "0"}
}

func seconds(ms int64) string { return strconv.FormatFloat(float64(ms)/1000, 'f', 3, 64) }

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
	if err := put("init.mp4", media.InitKey(asset, rendition), "video/mp4"); err != nil {
		return fmt.Errorf("store %s: %w", rendition, err)
	}
	for n := range segments {
		if err := put(fmt.Sprintf("%d.m4s", n), media.SegmentKey(asset, rendition, n), "video/iso.segment"); err != nil {
			return fmt.Errorf("store %s segment %d: %w", rendition, n, err)
		}
	}
	return nil
}

// poster is a frame from the first tenth, where titles have faded in.
func (p *Packager) poster(ctx context.Context, asset uuid.UUID, input, dir string, src media.Source) error {
	name := filepath.Join(dir, "poster.jpg")
	args := append([]string{"-y", "-nostdin", "-ss", seconds(min(src.DurationMS/10, 5000))}, onlyFiles...)
	args = append(args, "-i", input, "-frames:v", "1", "-vf", "scale='min(1280,iw)':-2,setsar=1", "-q:v", "4", name)
	if _, err := run(ctx, nil, p.tools.ffmpeg, args...); err != nil {
		return fmt.Errorf("draw poster: %w", err)
	}
	data, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return media.ErrTruncated
	}
	if err != nil {
		return err
	}
	return p.store.Put(ctx, media.PosterKey(asset), strings.NewReader(string(data)), int64(len(data)), "image/jpeg")
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
