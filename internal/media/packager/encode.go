package packager

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/media"
)

// errUneven: the renditions were not cut at the same places.
var errUneven = errors.New("the renditions are not cut alike")

// encode makes the ladder. A copy that ffmpeg refuses, or that does not cut
// where the others do, is given up for an encoded one.
func (p *Packager) encode(ctx context.Context, w work) (media.Manifest, error) {
	rungs := w.src.Ladder(true)
	m, err := p.ladder(ctx, w, rungs)
	var said *errTool
	if rungs[0].Copy && (errors.As(err, &said) || errors.Is(err, errUneven)) {
		m, err = p.ladder(ctx, w, w.src.Ladder(false))
	}
	if errors.As(err, &said) {
		return m, said.reason(media.ErrUnsupported)
	}
	return m, err
}

// work is one video being packaged.
type work struct {
	asset uuid.UUID
	input string
	dir   string
	src   *media.Source
	tell  Progress
}

// ladder makes all rungs, each in its own folder, and stores them.
func (p *Packager) ladder(ctx context.Context, w work, rungs []media.Rung) (media.Manifest, error) {
	m := media.Manifest{AssetID: w.asset}
	for i, r := range rungs {
		share := func(part float64) { w.tell(media.Packaging, 5+int(90*(float64(i)+part)/float64(len(rungs)))) }
		made, err := p.rung(ctx, w, r, m, share)
		if err != nil {
			return m, fmt.Errorf("rendition %s: %w", r.Name, err)
		}
		if i == 0 {
			m.SegmentMS = made.segmentMS
		}
		m.Renditions = append(m.Renditions, made.rendition)
	}
	for _, ms := range m.SegmentMS {
		m.DurationMS += ms
	}
	// ffmpeg stops quietly where a file is damaged.
	if m.DurationMS < w.src.PictureMS-max(1000, w.src.PictureMS/100) {
		return m, media.ErrTruncated
	}
	return m, nil
}

// rung makes one rendition, cut where the manifest's first is, if it has one yet.
func (p *Packager) rung(ctx context.Context, w work, r media.Rung, m media.Manifest, share func(float64)) (madeRung, error) {
	dir := filepath.Join(w.dir, r.Name)
	if err := os.Mkdir(dir, 0o700); err != nil {
		return madeRung{}, err
	}
	defer func() { _ = os.RemoveAll(dir) }() // the disk holds one rung at a time
	if err := p.transcode(ctx, w, dir, r, m, share); err != nil {
		return madeRung{}, err
	}
	made, err := readRung(ctx, p.tools, dir, r)
	if err != nil {
		return made, err
	}
	if len(m.Renditions) > 0 && !alike(made.segmentMS, m.SegmentMS) {
		return made, errUneven
	}
	return made, p.upload(ctx, w.asset, dir, r.Name, len(made.segmentMS))
}

// alike: as many segments, none beginning a frame's length apart.
func alike(a, b []int64) bool {
	if len(a) != len(b) {
		return false
	}
	var atA, atB int64
	for i := range a {
		if d := atA - atB; d < -20 || d > 20 {
			return false
		}
		atA, atB = atA+a[i], atB+b[i]
	}
	return true
}

func (p *Packager) transcode(ctx context.Context, w work, dir string, r media.Rung, m media.Manifest, share func(float64)) error {
	threads := strconv.Itoa(p.threads)
	args := slices.Concat(onlyFiles, []string{"-y", "-nostdin", "-progress", "pipe:1", "-threads", threads, "-i", w.input})
	if w.src.AudioStream < 0 {
		// Silence, so that every rendition has the same two tracks.
		args = append(args, "-t", seconds(w.src.DurationMS), "-f", "lavfi", "-i", "anullsrc=channel_layout=mono:sample_rate=48000")
	}
	args = slices.Concat(args, []string{"-map", "0:" + strconv.Itoa(w.src.VideoStream)}, audioArgs(w.src), videoArgs(w.src, r, m), []string{
		"-threads", threads, "-sn", "-dn", "-map_metadata", "-1", "-map_chapters", "-1",
		"-f", "hls", "-hls_time", segmentTime(r), "-hls_playlist_type", "vod", "-hls_segment_type", "fmp4", "-hls_flags", "independent_segments",
		// Without edit lists, which browsers read each in their own way: every
		// track of every rendition simply begins at zero.
		"-hls_segment_options", "movflags=+negative_cts_offsets:use_editlist=0",
		"-hls_fmp4_init_filename", "init.mp4", "-hls_segment_filename", filepath.Join(dir, "%d.m4s"), filepath.Join(dir, "index.m3u8")})
	_, err := run(ctx, func(line string) {
		if us, ok := strings.CutPrefix(line, "out_time_us="); ok {
			if n, err := strconv.ParseInt(us, 10, 64); err == nil {
				share(min(1, max(0, float64(n)/1000/float64(w.src.DurationMS))))
			}
		}
	}, p.tools.ffmpeg, args...)
	return err
}

// segmentTime: a copy is cut at the first keyframe after each whole length. An
// encoded rung has keyframes only where it is to be cut, so any shorter length
// cuts at all of them.
func segmentTime(r media.Rung) string {
	if r.Copy {
		return seconds(media.TargetSegmentMS)
	}
	return "1"
}

// audioArgs are the same for every rung: changing quality is not heard.
func audioArgs(src *media.Source) []string {
	switch {
	case src.AudioStream < 0:
		return []string{"-map", "1:a:0", "-c:a", "aac", "-b:a", "32k"}
	case src.AudioCopyable():
		return []string{"-map", "0:" + strconv.Itoa(src.AudioStream), "-c:a", "copy", "-bsf:a", "aac_adtstoasc"} // broadcast streams carry AAC in frames of its own
	}
	// Silence before, between and after, so that sound lasts as long as the picture.
	filter := "aresample=async=1:first_pts=0,apad=whole_dur=" + seconds(src.DurationMS)
	return []string{"-map", "0:" + strconv.Itoa(src.AudioStream), "-af", filter, "-c:a", "aac", "-b:a", "96k", "-ac", "2", "-ar", "48000"}
}

func videoArgs(src *media.Source, r media.Rung, m media.Manifest) []string {
	if r.Copy {
		return []string{"-c:v", "copy"}
	}
	rate := strconv.Itoa(r.Bitrate)
	return []string{"-vf", filters(src, r), "-c:v", "libx264", "-preset", "veryfast", "-profile:v", "high", "-crf", "23",
		"-maxrate", rate, "-bufsize", strconv.Itoa(2 * r.Bitrate), "-bf", bframes(src, m),
		"-force_key_frames", keyframes(src, m), "-sc_threshold", "0", "-g", "1000000"}
}

func filters(src *media.Source, r media.Rung) string {
	var f []string
	if src.Interlaced {
		f = append(f, "yadif")
	}
	if !src.Constant || src.FrameRate > 60 {
		f = append(f, "fps=30")
	}
	f = append(f, fmt.Sprintf("scale=%d:%d:flags=bicubic,setsar=1,format=yuv420p", r.Width, r.Height))
	if longer := src.DurationMS - src.PictureMS; longer > 0 { // the sound goes on: so does the last picture
		f = append(f, "tpad=stop_mode=clone:stop_duration="+seconds(longer))
	}
	return strings.Join(f, ",")
}

// bframes: decoding must run ahead as in a copied rung, because that decides
// which of the sound lies in which segment.
func bframes(src *media.Source, m media.Manifest) string {
	if len(m.Renditions) > 0 && m.Renditions[0].Copied && src.BFrames < 2 {
		return strconv.Itoa(src.BFrames)
	}
	return "3"
}

// keyframes are where a copied rung is cut, else at every whole length but
// not so late that a segment of a few frames would be left.
func keyframes(src *media.Source, m media.Manifest) string {
	if len(m.Renditions) == 0 || !m.Renditions[0].Copied {
		return fmt.Sprintf("expr:gte(t,n_forced*%s)*lt(t,%s)", seconds(media.TargetSegmentMS), seconds(max(500, src.DurationMS-500)))
	}
	times := make([]string, 0, len(m.SegmentMS))
	for _, ms := range m.Starts() {
		times = append(times, seconds(ms))
	}
	return strings.Join(times, ",")
}

func seconds(ms int64) string { return strconv.FormatFloat(float64(ms)/1000, 'f', 3, 64) }
