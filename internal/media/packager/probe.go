package packager

import (
	"context"
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hourglass-lms/hourglass/internal/media"
)

// examine finds out what the file is and whether it can be worked on.
func (t tools) examine(ctx context.Context, file string) (media.Source, error) {
	data, err := t.probe(ctx, file)
	var said *errTool
	if errors.As(err, &said) {
		return media.Source{}, said.reason(media.ErrNotVideo)
	}
	if err != nil {
		return media.Source{}, err
	}
	src, err := media.ReadProbe(data)
	if err != nil {
		return src, err
	}
	packets, err := t.packets(ctx, file)
	if errors.As(err, &said) {
		return src, media.ErrTruncated
	}
	if err != nil {
		return src, err
	}
	return src, src.Measure(packets)
}

func (t tools) probe(ctx context.Context, file string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	return run(ctx, nil, t.ffprobe, slices.Concat(onlyFiles, []string{"-of", "json", "-show_streams", "-show_format", file})...)
}

// packets reads the whole file without decoding it.
func (t tools) packets(ctx context.Context, file string) (out []media.Packet, err error) {
	ctx, cancel := context.WithTimeout(ctx, 15*time.Minute)
	defer cancel()
	_, err = run(ctx, func(line string) {
		if p, ok := readPacket(line); ok {
			out = append(out, p)
		}
	}, t.ffprobe, slices.Concat(onlyFiles, []string{"-show_entries", "packet=stream_index,pts_time,dts_time,duration_time,flags", "-of", "csv=p=0", file})...)
	return out, err
}

// readPacket reads "0,1.960000,1.880000,0.040000,K_"; what has no time is left out.
func readPacket(line string) (p media.Packet, ok bool) {
	f := strings.Split(line, ",")
	if len(f) < 5 {
		return p, false
	}
	stream, err := strconv.Atoi(f[0])
	at, errAt := strconv.ParseFloat(f[1], 64)
	if errAt != nil { // AVI notes only when to decode
		at, errAt = strconv.ParseFloat(f[2], 64)
	}
	if err != nil || errAt != nil {
		return p, false
	}
	length, errLength := strconv.ParseFloat(f[3], 64)
	if errLength != nil {
		length = 0
	}
	ms := func(s float64) int64 { return int64(math.Round(s * 1000)) }
	return media.Packet{Stream: stream, FromMS: ms(at), ToMS: ms(at + length), Keyframe: strings.HasPrefix(f[4], "K")}, true
}
