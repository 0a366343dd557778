package bench

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"strconv"
)

// wire is a connection that is spoken to by hand, so that the load takes as
// little as it can of the processors it shares.
type wire struct {
	conn net.Conn
	in   *bufio.Reader
	out  []byte
	body []byte
}

var (
	headEnd       = []byte("\r\n\r\n")
	contentLength = []byte("\r\nContent-Length: ")
)

// exchange sends and reads one answer.
func (w *wire) exchange() (status int, body []byte, err error) {
	status, length, err := w.head()
	if err != nil {
		return 0, nil, err
	}
	if cap(w.body) < length {
		w.body = make([]byte, 0, length)
	}
	body = w.body[:length]
	_, err = io.ReadFull(w.in, body)
	return status, body, err
}

// head sends and reads an answer up to its body, which is so long.
func (w *wire) head() (status, length int, err error) {
	if _, err := w.conn.Write(w.out); err != nil {
		return 0, 0, err
	}
	head, err := w.peekHead()
	if err != nil {
		return 0, 0, err
	}
	if status, err = strconv.Atoi(string(head[9:12])); err != nil {
		return 0, 0, err
	}
	if _, rest, ok := bytes.Cut(head, contentLength); ok {
		n, _, _ := bytes.Cut(rest, headEnd[:2])
		if length, err = strconv.Atoi(string(n)); err != nil {
			return 0, 0, err
		}
	}
	_, _ = w.in.Discard(len(head)) // cannot fail: it was read
	return status, length, nil
}

// peekHead is the status line and the headers, not yet taken from what was read.
func (w *wire) peekHead() ([]byte, error) {
	for n := 1; ; n = w.in.Buffered() + 1 {
		if _, err := w.in.Peek(n); err != nil {
			return nil, err
		}
		read, _ := w.in.Peek(w.in.Buffered())
		if end := bytes.Index(read, headEnd); end >= 12 {
			return read[:end+len(headEnd)], nil
		}
	}
}
