package packager

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/hourglass-lms/hourglass/internal/media"
)

type madeRung struct {
	rendition media.Rendition
	segmentMS []int64
}

// readRung reads back what ffmpeg made: lengths from its playlist, sizes from
// the files, codecs from the initialisation section.
func readRung(ctx context.Context, t tools, dir string, r media.Rung) (madeRung, error) {
	text, err := os.ReadFile(filepath.Join(dir, "index.m3u8"))
	if err != nil {
		return madeRung{}, media.ErrTruncated // ffmpeg found nothing to write
	}
	out := madeRung{rendition: media.Rendition{Name: r.Name, Width: r.Width, Height: r.Height, Copied: r.Copy}}
	var exact, rounded float64
	for line := range strings.SplitSeq(string(text), "\n") {
		length, ok := strings.CutPrefix(line, "#EXTINF:")
		if !ok {
			continue
		}
		s, err := strconv.ParseFloat(strings.TrimSuffix(length, ","), 64)
		if err != nil {
			return out, fmt.Errorf("ffmpeg's playlist: %w", err)
		}
		// Rounded at the running sum, so that a thousand segments do not drift.
		exact += s * 1000
		ms := int64(exact - rounded + 0.5)
		rounded += float64(ms)
		out.segmentMS = append(out.segmentMS, ms)
	}
	if len(out.segmentMS) == 0 {
		return out, media.ErrTruncated
	}
	if err := out.measure(dir); err != nil {
		return out, err
	}
	out.rendition.Codecs, out.rendition.FrameRate, err = codecs(ctx, t, dir)
	return out, err
}

func (m *madeRung) measure(dir string) error {
	var bytes, ms int64
	for n, length := range m.segmentMS {
		st, err := os.Stat(filepath.Join(dir, fmt.Sprintf("%d.m4s", n)))
		if err != nil {
			return fmt.Errorf("segment %d: %w", n, err)
		}
		bytes, ms = bytes+st.Size(), ms+length
		m.rendition.SegmentBytes = append(m.rendition.SegmentBytes, st.Size())
		m.rendition.Bandwidth = max(m.rendition.Bandwidth, st.Size()*8000/max(1, length))
	}
	m.rendition.AverageBandwidth = bytes * 8000 / max(1, ms)
	return nil
}

// codecs reads profile and level from the avcC box itself (ISO/IEC 14496-15);
// the sound is always AAC-LC.
func codecs(ctx context.Context, t tools, dir string) (string, float64, error) {
	init, err := os.ReadFile(filepath.Join(dir, "init.mp4"))
	if err != nil {
		return "", 0, err
	}
	at := bytes.Index(init, []byte("avcC"))
	if at < 0 || at+8 > len(init) {
		return "", 0, fmt.Errorf("no avcC box in the initialisation section")
	}
	profile := binary.BigEndian.Uint32(append([]byte{0}, init[at+5:at+8]...))
	first, err := os.ReadFile(filepath.Join(dir, "0.m4s"))
	if err != nil {
		return "", 0, err
	}
	joined := filepath.Join(dir, "probe.mp4")
	if err := os.WriteFile(joined, append(init, first...), 0o600); err != nil {
		return "", 0, err
	}
	data, err := t.probe(ctx, joined)
	if err != nil {
		return "", 0, err
	}
	return fmt.Sprintf("avc1.%06x,mp4a.40.2", profile), frameRate(data), nil
}

func frameRate(probe []byte) float64 {
	var p struct {
		Streams []struct {
			CodecType string `json:"codec_type"`
			Rate      string `json:"avg_frame_rate"`
		} `json:"streams"`
	}
	if json.Unmarshal(probe, &p) != nil {
		return 0
	}
	for _, s := range p.Streams {
		a, b, ok := strings.Cut(s.Rate, "/")
		x, errX := strconv.ParseFloat(a, 64)
		y, errY := strconv.ParseFloat(b, 64)
		if s.CodecType == "video" && ok && errX == nil && errY == nil && y > 0 {
			return x / y
		}
	}
	return 0
}
