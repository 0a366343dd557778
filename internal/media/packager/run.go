// Package packager makes uploaded videos playable with ffmpeg and ffprobe: it
// probes, cuts into aligned fMP4 segments in at least two renditions, draws a
// poster, and puts everything into the store.
package packager

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// tools are the two programs.
type tools struct{ ffmpeg, ffprobe string }

// errTool is a program that ended with a failure; its text is ffmpeg's own.
type errTool struct {
	program string
	text    string
	cause   error
}

func (e *errTool) Error() string { return e.program + ": " + e.cause.Error() + ": " + e.text }
func (e *errTool) Unwrap() error { return e.cause }

// run starts a program on the lowest priority, in a group of its own that is
// killed whole when ctx ends. Lines of standard output go to line, if given.
func run(ctx context.Context, line func(string), program string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "nice", append([]string{"-n", "15", program}, args...)...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = 5 * time.Second
	var out, errText bytes.Buffer
	cmd.Stderr = &capped{w: &errText, left: 16 << 10}
	var err error
	if line == nil {
		cmd.Stdout = &capped{w: &out, left: 64 << 20}
		err = cmd.Run()
	} else {
		err = runLines(cmd, line)
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		var missing *exec.Error
		if errors.As(err, &missing) {
			return nil, fmt.Errorf("%s cannot be started: %w", program, err)
		}
		return nil, &errTool{program, strings.TrimSpace(errText.String()), err}
	}
	return out.Bytes(), nil
}

func runLines(cmd *exec.Cmd, line func(string)) error {
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	for s := bufio.NewScanner(pipe); s.Scan(); {
		line(s.Text())
	}
	return cmd.Wait()
}

// capped keeps the beginning of what a program says and drops the rest.
type capped struct {
	w    io.Writer
	left int
}

func (c *capped) Write(p []byte) (int, error) {
	n := min(len(p), c.left)
	c.left -= n
	if _, err := c.w.Write(p[:n]); err != nil {
		return 0, err
	}
	return len(p), nil
}

// onlyFiles keeps a hostile file (a playlist, say) from making ffmpeg fetch anything.
var onlyFiles = []string{"-hide_banner", "-loglevel", "error", "-protocol_whitelist", "file,pipe"}

func (t tools) probe(ctx context.Context, file string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	return run(ctx, nil, t.ffprobe, "-hide_banner", "-loglevel", "error", "-protocol_whitelist", "file,pipe", "-of", "json", "-show_streams", "-show_format", file)
}

// frames lists the times of the first video stream's keyframes in
// milliseconds, and says whether its frames come at even distances: what the
// container claims of its rate is often not true.
func (t tools) frames(ctx context.Context, file string) (keys []int64, constant bool, err error) {
	var all []int64
	_, err = run(ctx, func(line string) {
		at, flags, _ := strings.Cut(line, ",")
		s, err := strconv.ParseFloat(at, 64)
		if err != nil {
			return
		}
		ms := int64(s*1000 + 0.5)
		all = append(all, ms)
		if strings.HasPrefix(flags, "K") {
			keys = append(keys, ms)
		}
	}, t.ffprobe, "-hide_banner", "-loglevel", "error", "-protocol_whitelist", "file,pipe", "-select_streams", "v:0", "-show_entries", "packet=pts_time,flags", "-of", "csv=p=0", file)
	return keys, even(all), err
}

// even: no gap is more than twice the mean one.
func even(ms []int64) bool {
	if len(ms) < 2 {
		return false
	}
	slices.Sort(ms)
	mean := (ms[len(ms)-1] - ms[0]) / int64(len(ms)-1)
	for i := 1; i < len(ms); i++ {
		if ms[i]-ms[i-1] > 2*mean+2 {
			return false
		}
	}
	return true
}
