// Package objects is the store of files: videos and their segments, documents,
// captions. Drivers keep them on a disk or in any S3 store; one suite
// (objectstest) holds for all of them.
package objects

import (
	"context"
	"errors"
	"io"
	"iter"
	"strings"
	"time"

	"github.com/hourglass-lms/hourglass/internal/fault"
)

// Info is what is known of an object without reading it.
type Info struct {
	Key         string
	Size        int64 // bytes
	ContentType string
	ETag        string // changes with the content
	ModTime     time.Time
}

// Store keeps objects under keys. A missing object is fault.NotFound, a store
// that does not answer fault.Unavailable.
type Store interface {
	// Put writes exactly size bytes; a reader sees all of it or what was there before.
	Put(ctx context.Context, key string, r io.Reader, size int64, contentType string) error
	// Get reads n bytes from off; n < 0 reads to the end. Info is of the whole object.
	Get(ctx context.Context, key string, off, n int64) (io.ReadCloser, Info, error)
	Stat(ctx context.Context, key string) (Info, error)
	// Delete removes an object; one that is not there is deleted already.
	Delete(ctx context.Context, key string) error
	// List yields the objects whose key begins with prefix, by key.
	List(ctx context.Context, prefix string) iter.Seq2[Info, error]
	// Presign is an address that gives the object to whoever has it, for ttl;
	// false when this store has no addresses of its own.
	Presign(ctx context.Context, key string, ttl time.Duration) (string, bool, error)
	Ping(ctx context.Context) error
}

const maxKey = 512

// CheckKey refuses what is not one of our own keys: path parts of letters,
// digits, dashes, underscores and dots. Names that people give never become keys.
func CheckKey(key string) error {
	if key == "" || len(key) > maxKey {
		return errBadKey
	}
	for part := range strings.SplitSeq(key, "/") {
		if part == "" || part[0] == '.' || strings.ContainsFunc(part, notInKey) {
			return errBadKey
		}
	}
	return nil
}

var errBadKey = errors.New("not a key of this store")

func notInKey(r rune) bool {
	return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' && r != '_' && r != '.'
}

// ErrMissing is the one answer to a key that holds nothing.
var ErrMissing = fault.New(fault.NotFound, "this file does not exist")

// ErrSize is the answer to a Put whose content is longer or shorter than it said.
var ErrSize = fault.New(fault.Invalid, "the content is not as long as it was said to be")
