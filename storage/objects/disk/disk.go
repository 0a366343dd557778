// Package disk keeps objects as files below one folder, for a single machine.
package disk

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/storage/objects"
)

// Store is a folder. The os.Root keeps every access below it, whatever a key
// or a link says.
type Store struct {
	root *os.Root
	dir  string
	fd   int // of the folder, for openBeneath
}

const (
	dataDir = "objects"
	typeDir = "types" // content types, apart from the data so that listing stays plain
	tempDir = "tmp"
)

// Open makes the folder when it is missing.
func Open(dir string) (*Store, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	for _, sub := range []string{dataDir, typeDir, tempDir} {
		if err := os.MkdirAll(filepath.Join(dir, sub), 0o750); err != nil {
			return nil, fmt.Errorf("make the folder of files: %w", err)
		}
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("open the folder of files: %w", err)
	}
	fd, err := folder(dir)
	if err != nil {
		return nil, fmt.Errorf("open the folder of files: %w", err)
	}
	return &Store{root, dir, fd}, nil
}

func data(key string) string { return filepath.Join(dataDir, filepath.FromSlash(key)) }
func meta(key string) string { return filepath.Join(typeDir, filepath.FromSlash(key)) }

// File opens an object so that the kernel can send it. Its content type is not
// looked up: whoever asks for many of a kind knows it.
func (s *Store) File(key string) (*os.File, objects.Info, error) {
	if err := objects.CheckKey(key); err != nil {
		return nil, objects.Info{}, objects.ErrMissing
	}
	f, err := openBeneath(s.root, s.fd, data(key))
	if err != nil {
		return nil, objects.Info{}, translate(err)
	}
	st, err := f.Stat()
	if err == nil && !st.Mode().IsRegular() {
		err = objects.ErrMissing
	}
	if err != nil {
		_ = f.Close()
		return nil, objects.Info{}, translate(err)
	}
	return f, infoOf(key, st), nil
}

// Type is the content type an object was put with.
func (s *Store) Type(key string) (contentType string) {
	if text, err := s.root.ReadFile(meta(key)); err == nil {
		_ = json.Unmarshal(text, &contentType) // a torn one leaves the type unknown
	}
	return cmp.Or(contentType, "application/octet-stream")
}

// Put writes to a temporary file, flushes it, and renames it into place.
func (s *Store) Put(ctx context.Context, key string, r io.Reader, size int64, contentType string) error {
	if err := objects.CheckKey(key); err != nil {
		return err
	}
	temp, err := s.writeTemp(ctx, r, size)
	if err != nil {
		return fmt.Errorf("put %s: %w", key, err)
	}
	defer func() { _ = s.root.Remove(temp) }() // gone already when all went well
	if err := s.place(meta(key), func(name string) error {
		text, err := json.Marshal(contentType)
		if err != nil {
			return err
		}
		return s.root.WriteFile(name, text, 0o640)
	}); err != nil {
		return fmt.Errorf("put %s: %w", key, translate(err))
	}
	if err := s.place(data(key), func(name string) error { return s.root.Rename(temp, name) }); err != nil {
		return fmt.Errorf("put %s: %w", key, translate(err))
	}
	return s.syncDir(filepath.Dir(data(key)))
}

func (s *Store) writeTemp(ctx context.Context, r io.Reader, size int64) (string, error) {
	f, err := os.CreateTemp(filepath.Join(s.dir, tempDir), "put-*")
	if err != nil {
		return "", translate(err)
	}
	name := filepath.Join(tempDir, filepath.Base(f.Name()))
	n, err := io.Copy(f, io.LimitReader(reader{ctx, r}, size+1))
	if err == nil && n != size {
		err = objects.ErrSize
	}
	if err == nil {
		err = f.Sync()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		_ = s.root.Remove(name)
		return "", translate(err)
	}
	return name, nil
}

// place runs write and makes the folder first when that is what it lacked.
func (s *Store) place(name string, write func(string) error) error {
	err := write(name)
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := s.root.MkdirAll(filepath.Dir(name), 0o750); err != nil {
		return err
	}
	return write(name)
}

// syncDir makes the rename itself survive a crash.
func (s *Store) syncDir(name string) error {
	d, err := s.root.Open(name)
	if err != nil {
		return translate(err)
	}
	defer func() { _ = d.Close() }()
	return translate(d.Sync())
}

// Get reads a part of an object.
func (s *Store) Get(_ context.Context, key string, off, n int64) (io.ReadCloser, objects.Info, error) {
	if err := objects.CheckKey(key); err != nil {
		return nil, objects.Info{}, objects.ErrMissing
	}
	f, err := s.root.Open(data(key))
	if err != nil {
		return nil, objects.Info{}, translate(err)
	}
	info, err := s.info(key, f)
	if err != nil {
		_ = f.Close()
		return nil, info, err
	}
	off = min(max(off, 0), info.Size)
	if n < 0 || n > info.Size-off {
		n = info.Size - off
	}
	return section{io.NewSectionReader(f, off, n), f}, info, nil
}

// Stat tells of an object without reading it.
func (s *Store) Stat(_ context.Context, key string) (objects.Info, error) {
	if err := objects.CheckKey(key); err != nil {
		return objects.Info{}, objects.ErrMissing
	}
	f, err := s.root.Open(data(key))
	if err != nil {
		return objects.Info{}, translate(err)
	}
	defer func() { _ = f.Close() }()
	return s.info(key, f)
}

func (s *Store) info(key string, f *os.File) (objects.Info, error) {
	st, err := f.Stat()
	if err != nil {
		return objects.Info{}, translate(err)
	}
	if !st.Mode().IsRegular() {
		return objects.Info{}, objects.ErrMissing
	}
	i := infoOf(key, st)
	i.ContentType = s.Type(key)
	return i, nil
}

func infoOf(key string, st fs.FileInfo) objects.Info {
	return objects.Info{Key: key, Size: st.Size(), ModTime: st.ModTime().UTC(), ETag: fmt.Sprintf("%x-%x", st.ModTime().UnixNano(), st.Size())}
}

// Delete removes an object.
func (s *Store) Delete(_ context.Context, key string) error {
	if err := objects.CheckKey(key); err != nil {
		return err
	}
	for _, name := range []string{data(key), meta(key)} {
		if err := s.root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return translate(err)
		}
	}
	return nil
}

// List yields the objects below a prefix, by key.
func (s *Store) List(ctx context.Context, prefix string) iter.Seq2[objects.Info, error] {
	return func(yield func(objects.Info, error) bool) {
		found, err := s.walk(ctx, prefix)
		if err != nil {
			yield(objects.Info{}, err)
			return
		}
		slices.SortFunc(found, func(a, b objects.Info) int { return strings.Compare(a.Key, b.Key) })
		for _, i := range found {
			if !yield(i, nil) {
				return
			}
		}
	}
}

// walk begins at the prefix's deepest whole folder, so that listing one asset
// does not read them all.
func (s *Store) walk(ctx context.Context, prefix string) (out []objects.Info, err error) {
	start := dataDir
	if cut := strings.LastIndex(prefix, "/"); cut > 0 {
		if objects.CheckKey(prefix[:cut]) != nil {
			return nil, nil
		}
		start = data(prefix[:cut])
	}
	err = fs.WalkDir(s.root.FS(), filepath.ToSlash(start), func(name string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil || ctx.Err() != nil {
			return cmp.Or(err, ctx.Err())
		}
		key := strings.TrimPrefix(name, dataDir+"/")
		if d.IsDir() || !strings.HasPrefix(key, prefix) {
			return nil
		}
		st, err := d.Info()
		if err == nil {
			out = append(out, infoOf(key, st))
		}
		return nil
	})
	return out, translate(err)
}

// Presign: a folder has no addresses of its own.
func (s *Store) Presign(context.Context, string, time.Duration) (string, bool, error) {
	return "", false, nil
}

// Ping says whether the folder can still be written to.
func (s *Store) Ping(context.Context) error {
	f, err := os.CreateTemp(filepath.Join(s.dir, tempDir), "ping-*")
	if err != nil {
		return translate(err)
	}
	_ = f.Close()
	return translate(os.Remove(f.Name()))
}

func translate(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, fs.ErrNotExist):
		return objects.ErrMissing
	}
	if _, known := fault.Of(err); known || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	var p *fs.PathError
	if errors.As(err, &p) {
		return fault.Away(err, 5*time.Second, "The store of files does not answer at the moment. Please try again.")
	}
	return err
}

type section struct {
	*io.SectionReader
	f *os.File
}

func (s section) Close() error { return s.f.Close() }

// reader stops a copy when nobody waits for it any more.
type reader struct {
	ctx context.Context
	r   io.Reader
}

func (r reader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.r.Read(p)
}
