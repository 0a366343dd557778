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
	"strings"
	"syscall"
	"time"

	"github.com/hourglass-lms/hourglass/internal/media"
)

// tools are the two programs.
type tools struct{ ffmpeg, ffprobe string }

// errTool is a program that ended by itself with a failure; its text is ffmpeg's own.
type errTool struct {
	program string
	text    string
	cause   error
}

func (e *errTool) Error() string { return e.program + ": " + e.cause.Error() + ": " + e.text }
func (e *errTool) Unwrap() error { return e.cause }

// onlyFiles keeps a hostile file (a playlist, say) from making ffmpeg fetch anything.
var onlyFiles = []string{"-hide_banner", "-loglevel", "error", "-protocol_whitelist", "file,pipe"}

// run starts a program on a low priority, in a group of its own that is killed
// whole when ctx ends. Lines of standard output go to line, if given.
func run(ctx context.Context, line func(string), program string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "nice", append([]string{"-n", "15", program}, args...)...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = 5 * time.Second
	var out, errText bytes.Buffer
	cmd.Stderr = &capped{w: &errText, left: 16 << 10}
	var err error
	if line == nil {
		cmd.Stdout = &capped{w: &out, left: 16 << 20}
		err = cmd.Run()
	} else {
		err = runLines(cmd, line)
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err == nil {
		return out.Bytes(), nil
	}
	return nil, blame(program, strings.TrimSpace(errText.String()), err)
}

// blame tells a program that refused its input, which is the file's fault,
// from one that is missing or was killed, which is not.
func blame(program, text string, err error) error {
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		return fmt.Errorf("run %s: %w", program, err)
	}
	switch {
	case exit.ExitCode() == 126, exit.ExitCode() == 127: // from nice: it cannot be started
		return fmt.Errorf("%s cannot be started: %s", program, text)
	case exit.ExitCode() < 0, strings.Contains(text, "No space left"), strings.Contains(text, "Cannot allocate memory"):
		return fmt.Errorf("%s was stopped: %w: %s", program, err, text)
	}
	return &errTool{program, text, err}
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

// reason is what a program's own words say of the file.
func (e *errTool) reason(otherwise *media.Failure) *media.Failure {
	for _, said := range []string{"moov atom not found", "partial file", "Invalid data found when processing input", "Output file is empty"} {
		if strings.Contains(e.text, said) && (otherwise != media.ErrNotVideo || said != "Invalid data found when processing input") {
			return media.ErrTruncated
		}
	}
	return otherwise
}
