package pdfpages

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime/debug"
	"syscall"
	"time"

	"github.com/hourglass-lms/hourglass/internal/media"
)

// Command is the program's own subcommand that Count starts.
const Command = "pdf-pages"

const (
	// timeout and maxMemory bound the reading of one document; a book of a
	// thousand pages takes a second and a tenth of this memory.
	timeout   = 60 * time.Second
	maxMemory = 768 << 20
	// inside marks the process that reads, which starts no other.
	inside = "HOURGLASS_PDF_PAGES_CHILD"
)

// verdict is what the process that reads says.
type verdict struct {
	Pages   int    `json:"pages,omitempty"`
	Failure string `json:"failure,omitempty"` // a code of a media.Failure
	Detail  string `json:"detail,omitempty"`
}

// Counter counts pages by starting a program.
type Counter struct {
	Program string // "": this one
	Timeout time.Duration
}

// Count is how many pages the PDF has. A *media.Failure is the file's own
// fault; every other error may pass when tried again.
func (c Counter) Count(ctx context.Context, f *os.File) (int, error) {
	if os.Getenv(inside) != "" {
		return 0, errors.New("count pages: this program does not know its own command")
	}
	if c.Program == "" {
		self, err := os.Executable()
		if err != nil {
			return 0, fmt.Errorf("count pages: %w", err)
		}
		c.Program = self
	}
	if c.Timeout <= 0 {
		c.Timeout = timeout
	}
	own, cancel := context.WithTimeout(ctx, c.Timeout)
	defer cancel()
	cmd := exec.CommandContext(own, "nice", "-n", "15", c.Program, Command)
	cmd.Env = append(os.Environ(), inside+"=1")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = 5 * time.Second
	var out bytes.Buffer
	cmd.Stdin, cmd.Stdout = f, &out
	return judge(ctx, own, cmd.Run(), out.Bytes())
}

// judge tells what the file did from what befell the program.
func judge(ctx, own context.Context, err error, out []byte) (int, error) {
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return 0, ctx.Err()
	case own.Err() != nil:
		return 0, media.ErrPDFTooComplex
	case errors.As(err, &exit) && (exit.ExitCode() == 126 || exit.ExitCode() == 127): // from nice: it cannot be started
		return 0, fmt.Errorf("count pages: the program cannot be started: %w", err)
	case errors.As(err, &exit):
		return 0, media.ErrPDFTooComplex // it met one of its bounds
	case err != nil:
		return 0, fmt.Errorf("count pages: %w", err)
	}
	var v verdict
	if err := json.Unmarshal(out, &v); err != nil {
		return 0, fmt.Errorf("count pages: the answer is none: %w", err)
	}
	for _, known := range []*media.Failure{media.ErrPDFDamaged, media.ErrPDFLocked, media.ErrNoPages, media.ErrTooManyPages} {
		if v.Failure == known.Code {
			return 0, fmt.Errorf("%w (%s)", known, v.Detail)
		}
	}
	if v.Pages < 1 {
		return 0, errors.New("count pages: the answer names neither pages nor a reason")
	}
	return v.Pages, nil
}

// Run is the command: it bounds its own process, reads the document from in,
// and writes the verdict to out.
func Run(ctx context.Context, in io.ReadSeeker, out io.Writer) error {
	debug.SetMemoryLimit(maxMemory / 2)
	for what, most := range map[int]uint64{syscall.RLIMIT_DATA: maxMemory, syscall.RLIMIT_CPU: uint64(timeout / time.Second)} {
		if err := syscall.Setrlimit(what, &syscall.Rlimit{Cur: most, Max: most}); err != nil {
			return fmt.Errorf("bound this process: %w", err)
		}
	}
	v := verdict{}
	var failed *media.Failure
	pages, err := read(ctx, in)
	switch {
	case errors.As(err, &failed):
		v.Failure, v.Detail = failed.Code, err.Error()
	case err != nil:
		return err
	default:
		v.Pages = pages
	}
	return json.NewEncoder(out).Encode(v)
}
