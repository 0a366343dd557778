package httpapi

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
)

// File is a stored object on its way to a client, by the fastest road there is.
type File struct {
	Size        int64
	ContentType string
	ETag        string
	OnDisk      *os.File // sent by the kernel, and closed; nil: Open
	Redirect    string   // an address of the store itself; "": Open
	// Accel is where nginx finds the file by itself (X-Accel-Redirect); "": Open.
	Accel string
	// Open reads n bytes from off.
	Open func(off, n int64) (io.ReadCloser, error)
}

// send answers with a file as a browser expects: conditional requests, one
// range, HEAD. maxAge < 0 means it must not be kept.
func (f File) send(c *fiber.Ctx, maxAge time.Duration) error {
	cache := "private, no-store"
	if maxAge >= 0 {
		cache = "private, max-age=" + strconv.Itoa(int(maxAge.Seconds()))
	}
	c.Set(fiber.HeaderCacheControl, cache)
	switch {
	case f.Redirect != "":
		return c.Redirect(f.Redirect, http.StatusFound)
	case f.Accel != "":
		c.Set(fiber.HeaderContentType, f.ContentType)
		c.Set("X-Accel-Redirect", f.Accel)
		return nil
	}
	sent := false
	defer func() {
		if f.OnDisk != nil && !sent {
			_ = f.OnDisk.Close()
		}
	}()
	tag := `"` + f.ETag + `"`
	c.Set(fiber.HeaderETag, tag)
	c.Set(fiber.HeaderAcceptRanges, "bytes")
	c.Set(fiber.HeaderContentType, f.ContentType)
	if match := c.Get(fiber.HeaderIfNoneMatch); match == "*" || strings.Contains(match, tag) {
		return c.SendStatus(http.StatusNotModified)
	}
	off, n, status := f.wanted(c, tag)
	switch status {
	case http.StatusRequestedRangeNotSatisfiable:
		c.Set(fiber.HeaderContentRange, fmt.Sprintf("bytes */%d", f.Size))
		return fiber.NewError(status)
	case http.StatusPartialContent:
		c.Set(fiber.HeaderContentRange, fmt.Sprintf("bytes %d-%d/%d", off, off+n-1, f.Size))
	}
	c.Status(status)
	if err := f.body(c, off, n); err != nil {
		return err
	}
	sent = true // the answer closes it
	return nil
}

func (f File) body(c *fiber.Ctx, off, n int64) error {
	if f.OnDisk != nil {
		if off > 0 {
			if _, err := f.OnDisk.Seek(off, io.SeekStart); err != nil {
				return fmt.Errorf("send file: %w", err)
			}
		}
		// fasthttp hands a file behind a LimitedReader to sendfile, and closes it at the end.
		c.Context().SetBodyStream(&fileSection{LimitedReader: io.LimitedReader{R: f.OnDisk, N: n}, file: f.OnDisk, conn: corkOf(c.Context().Conn())}, int(n))
		return nil
	}
	r, err := f.Open(off, n)
	if err != nil {
		return err
	}
	c.Context().SetBodyStream(r, int(n))
	return nil
}

// fileSection is a file that goes out together with the head before it.
type fileSection struct {
	io.LimitedReader
	file *os.File
	conn *cork
}

// Close ends with the answer.
func (s *fileSection) Close() error {
	s.conn.pull()
	return s.file.Close()
}

// WriteTo lets the connection take the bytes from the file by itself.
func (s *fileSection) WriteTo(w io.Writer) (int64, error) {
	if to, ok := w.(io.ReaderFrom); ok {
		s.conn.push()
		return to.ReadFrom(&s.LimitedReader)
	}
	return io.Copy(w, &s.LimitedReader)
}

// wanted reads a Range header of one range (RFC 9110, section 14); several
// ranges, and a range of another version (If-Range), get the whole.
func (f File) wanted(c *fiber.Ctx, tag string) (off, n int64, status int) {
	spec, ok := strings.CutPrefix(c.Get(fiber.HeaderRange), "bytes=")
	if condition := c.Get(fiber.HeaderIfRange); !ok || strings.Contains(spec, ",") || (condition != "" && condition != tag) {
		return 0, f.Size, http.StatusOK
	}
	first, last, ok := strings.Cut(spec, "-")
	if !ok {
		return 0, f.Size, http.StatusOK
	}
	if first == "" { // the last so many bytes
		count, err := strconv.ParseInt(last, 10, 64)
		if err != nil || count < 0 {
			return 0, f.Size, http.StatusOK
		}
		if count == 0 || f.Size == 0 {
			return 0, 0, http.StatusRequestedRangeNotSatisfiable
		}
		count = min(count, f.Size)
		return f.Size - count, count, http.StatusPartialContent
	}
	from, errFrom := strconv.ParseInt(first, 10, 64)
	to := f.Size - 1
	var errTo error
	if last != "" {
		to, errTo = strconv.ParseInt(last, 10, 64)
	}
	if errFrom != nil || errTo != nil || from < 0 || (last != "" && to < from) {
		return 0, f.Size, http.StatusOK
	}
	if from >= f.Size {
		return 0, 0, http.StatusRequestedRangeNotSatisfiable
	}
	return from, min(to, f.Size-1) - from + 1, http.StatusPartialContent
}
