package privacydb

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/hourglass-lms/hourglass/storage/vault"
)

// A sealed file is pieces of at most pieceSize, each sealed for its number and
// for being the last or not, after its length in four bytes: pieces that are
// left out, exchanged or cut off at the end do not open.
const pieceSize = 256 << 10

func pieceOf(purpose string, n int, last bool) string {
	return fmt.Sprintf("%s piece %d last %t", purpose, n, last)
}

// sealer seals what is written to it.
type sealer struct {
	ctx     context.Context
	box     vault.Box
	purpose string
	to      io.Writer
	buffer  []byte
	n       int
	plain   int64
}

// Write seals whole pieces and keeps the rest.
func (s *sealer) Write(p []byte) (int, error) {
	s.buffer = append(s.buffer, p...)
	for len(s.buffer) > pieceSize {
		if err := s.piece(s.buffer[:pieceSize], false); err != nil {
			return 0, err
		}
		s.buffer = s.buffer[pieceSize:]
	}
	s.plain += int64(len(p))
	return len(p), nil
}

// Close seals what is left.
func (s *sealer) Close() error { return s.piece(s.buffer, true) }

func (s *sealer) piece(plain []byte, last bool) error {
	sealed, err := s.box.Seal(s.ctx, pieceOf(s.purpose, s.n, last), plain)
	if err != nil {
		return err
	}
	s.n++
	_, err = s.to.Write(append(binary.BigEndian.AppendUint32(nil, uint32(len(sealed))), sealed...))
	return err
}

// opener reads what a sealer wrote.
type opener struct {
	ctx     context.Context
	box     vault.Box
	purpose string
	from    io.ReadCloser
	rest    []byte
	n       int
	done    bool
}

var errPiece = errors.New("a sealed file is damaged")

// Read opens piece after piece.
func (o *opener) Read(p []byte) (int, error) {
	for len(o.rest) == 0 {
		if o.done {
			return 0, io.EOF
		}
		if err := o.next(); err != nil {
			return 0, err
		}
	}
	n := copy(p, o.rest)
	o.rest = o.rest[n:]
	return n, nil
}

func (o *opener) next() error {
	var head [4]byte
	if _, err := io.ReadFull(o.from, head[:]); err != nil {
		return errors.Join(errPiece, err)
	}
	size := binary.BigEndian.Uint32(head[:])
	if size > 2*pieceSize {
		return errPiece
	}
	sealed := make([]byte, size)
	if _, err := io.ReadFull(o.from, sealed); err != nil {
		return errors.Join(errPiece, err)
	}
	plain, err := o.box.Open(o.ctx, pieceOf(o.purpose, o.n, false), sealed)
	if errors.Is(err, vault.ErrSealed) {
		o.done = true
		plain, err = o.box.Open(o.ctx, pieceOf(o.purpose, o.n, true), sealed)
	}
	o.rest = plain
	o.n++
	return err
}

// Close gives the file back.
func (o *opener) Close() error { return o.from.Close() }
