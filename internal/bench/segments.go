package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/media"
	"github.com/hourglass-lms/hourglass/internal/study"
	"github.com/hourglass-lms/hourglass/storage/objects/disk"
)

// SegmentReport is how fast segments go out, each checked and recorded as
// delivered to its session, against nginx serving the same files plain.
type SegmentReport struct {
	Bytes      int64   `json:"bytes"`
	NginxRPS   float64 `json:"nginx_rps"`
	SegmentRPS float64 `json:"segments_rps"`
	Ratio      float64 `json:"segments_ratio"`
	NginxCPU   CPU     `json:"nginx_cpu"` // by the segment
	SegmentCPU CPU     `json:"segments_cpu"`
}

const (
	segment500k = 500_000
	segment4m   = 4_000_000
	// maxViewers fetch segments; each may fetch every segment of an hour for the first time once.
	maxViewers   = 2000
	segmentConns = 64
	viewed       = "720p"
)

func (m *measurer) segments(ctx context.Context, dir string) error {
	var nginx role
	if err := nginx.startNginx(ctx, filepath.Join(dir, "nginx"), filepath.Join(dir, "files", "objects")); err != nil {
		return err
	}
	defer nginx.stop()
	for _, size := range []int64{segment500k, segment4m} {
		fmt.Fprintf(m.o.Log, "segments of %d bytes\n", size)
		if err := m.s.layFiles(ctx, filepath.Join(dir, "files"), size); err != nil {
			return err
		}
		// New ones each time, because what was sent to a session once is not recorded again.
		audience, err := m.crowd.fresh(ctx, min(m.o.Learners, maxViewers))
		if err != nil {
			return err
		}
		r, err := m.segmentRounds(ctx, nginx, audience)
		if err != nil {
			return err
		}
		r.Bytes = size
		m.r.Segments = append(m.r.Segments, r)
	}
	m.r.SegmentsRatio500k, m.r.SegmentsRatio4m = m.r.Segments[0].Ratio, m.r.Segments[1].Ratio
	return nil
}

// layFiles puts a file of that size under the name of every segment. It is one
// file with many names: what both sides send lies in memory.
func (s *stage) layFiles(ctx context.Context, dir string, size int64) error {
	store, err := disk.Open(dir)
	if err != nil {
		return err
	}
	asset := s.course.Asset
	first := media.SegmentKey(asset, viewed, 0)
	if err := store.Put(ctx, first, bytes.NewReader(make([]byte, size)), size, "video/iso.segment"); err != nil {
		return err
	}
	for n := range s.course.Manifest.Segments() {
		if n == 0 {
			continue
		}
		for _, part := range []string{"objects", "types"} {
			name := filepath.Join(dir, part, media.SegmentKey(asset, viewed, n))
			if err := os.Remove(name); err != nil && !errors.Is(err, os.ErrNotExist) {
				return err
			}
			if err := os.Link(filepath.Join(dir, part, first), name); err != nil {
				return err
			}
		}
	}
	return nil
}

// viewing is how viewers go through the segments; a learner's seq is its next one.
type viewing struct {
	m       *measurer
	expires int64
}

func (v *viewing) take(l *learner) (n int) {
	n = int(l.seq)
	l.seq++
	return n % v.m.s.course.Manifest.Segments()
}

func (v *viewing) plain(l *learner, w *wire) error {
	w.get("/" + media.SegmentKey(v.m.s.course.Asset, viewed, v.take(l)))
	return w.discard()
}

func (v *viewing) checked(l *learner, w *wire) error {
	n := v.take(l)
	proof := v.m.s.keys.Sign(study.Address{Session: l.session, Asset: v.m.s.course.Asset, Rendition: viewed, Number: n, Expires: v.expires})
	w.get("/api/v1/segments/" + l.session.String() + "/" + viewed + "/" + strconv.Itoa(n) + ".m4s?e=" + strconv.FormatInt(v.expires, 10) + "&s=" + proof)
	return w.discard()
}

func (m *measurer) segmentRounds(ctx context.Context, nginx role, audience []learner) (r SegmentReport, err error) {
	plainClocks := clocks{server: strconv.Itoa(nginx.cmd.Process.Pid), children: true}
	checkedClocks, err := m.s.clocksOf(ctx, m.s.product)
	if err != nil {
		return r, err
	}
	v := &viewing{m: m, expires: time.Now().Add(time.Hour).Unix()}
	var plain, checked tally
	var ratios []float64
	strangers := make([]learner, len(audience)) // fetch from nginx, which records nothing
	for i := range m.o.Rounds + 1 {
		before := plainClocks.read()
		p, err := load(ctx, run{address: nginx.address, conns: segmentConns, length: m.o.Round, learners: strangers, send: v.plain, buffer: 256 << 10})
		if err != nil {
			return r, err
		}
		between, checkedBefore := plainClocks.read(), checkedClocks.read()
		c, err := load(ctx, run{address: m.s.product.address, conns: segmentConns, length: m.o.Round, learners: audience, send: v.checked, buffer: 256 << 10})
		if err != nil {
			return r, err
		}
		fmt.Fprintf(m.o.Log, "round %d: nginx %.0f/s, checked and recorded %.0f/s, ratio %.2f\n", i, p.rate, c.rate, c.rate/p.rate)
		if i > 0 {
			plain.add(p, before, between)
			checked.add(c, checkedBefore, checkedClocks.read())
			ratios = append(ratios, c.rate/p.rate)
		}
	}
	if err := m.recorded(ctx, audience); err != nil {
		return r, err
	}
	r = SegmentReport{NginxRPS: median(plain.rates), SegmentRPS: median(checked.rates), Ratio: median(ratios), NginxCPU: plain.cpu.over(plain.count), SegmentCPU: checked.cpu.over(checked.count)}
	return r, nil
}

// recorded looks for every delivery in PostgreSQL, once the server has written the last.
func (m *measurer) recorded(ctx context.Context, audience []learner) error {
	ids := make([]uuid.UUID, len(audience))
	var sent int64
	for i, l := range audience {
		ids[i] = l.session
		sent += l.seq
	}
	var noted int64
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		if err := m.s.db.Pool().QueryRow(ctx, `SELECT sum(bit_count(delivered)) FROM study_sessions WHERE id = ANY ($1)`, ids).Scan(&noted); err != nil {
			return err
		}
		if noted == sent {
			return nil
		}
	}
	return fmt.Errorf("%d segments were sent, %d are recorded", sent, noted)
}

// get makes a request for a file.
func (w *wire) get(path string) {
	w.out = append(append(append(w.out[:0], "GET "...), path...), " HTTP/1.1\r\nHost: bench\r\n\r\n"...)
}

// discard sends and reads an answer away.
func (w *wire) discard() error {
	status, length, err := w.head()
	if err != nil {
		return err
	}
	if _, err := w.in.Discard(length); err != nil {
		return err
	}
	if status != http.StatusOK {
		return fmt.Errorf("a segment was answered %d", status)
	}
	return nil
}
