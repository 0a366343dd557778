package bench

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/riverqueue/river"

	"github.com/hourglass-lms/hourglass/internal/audit/auditdb"
	"github.com/hourglass-lms/hourglass/internal/notify"
	"github.com/hourglass-lms/hourglass/internal/roster"
	"github.com/hourglass-lms/hourglass/internal/roster/rosterdb"
	"github.com/hourglass-lms/hourglass/internal/roster/rosterjob"
	"github.com/hourglass-lms/hourglass/storage/objects/disk"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// ImportReport is what an import of people took.
type ImportReport struct {
	Rows       int     `json:"rows"`
	FileBytes  int64   `json:"file_bytes"`
	CheckS     float64 `json:"check_s"` // looking through
	ApplyS     float64 `json:"apply_s"` // taking in
	Seconds    float64 `json:"seconds"`
	RowsPerS   float64 `json:"rows_per_s"`
	PeakRSSMiB float64 `json:"peak_rss_mib"` // of this program, without PostgreSQL
}

// untold counts invitations instead of sending them.
type untold struct{ n int }

func (u *untold) Send(_ context.Context, _ *pg.Tx, n ...notify.Notice) error {
	for _, one := range n {
		if one.Kind == notify.Invitation {
			u.n++
		}
	}
	return nil
}

// Import looks a workbook of people through and takes all of them in, on a
// PostgreSQL that is as durable as in production.
func Import(ctx context.Context, people int) (r ImportReport, err error) {
	dir, err := os.MkdirTemp("", "hourglass-bench-")
	if err != nil {
		return r, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	database, redis, db, err := startServers(ctx, dir)
	if err != nil {
		return r, err
	}
	defer func() {
		db.Close()
		err = errors.Join(err, redis.Close(), database.Close())
	}()
	files, err := disk.Open(filepath.Join(dir, "files"))
	if err != nil {
		return r, err
	}
	told := &untold{}
	store := rosterdb.New(db, rosterdb.Options{Trail: auditdb.Append, Notifier: told, Enqueue: func(context.Context, *pg.Tx, river.JobArgs) error { return nil }})
	w := rosterjob.Worker{Store: store, Objects: files}
	company, officer := uuid.New(), uuid.New()
	_, err = db.Pool().Exec(ctx, `WITH o AS (INSERT INTO organisations (id, kind, name_zh, lineage, created_at) VALUES ($1, 'employer', '清源水务', ARRAY[$1::uuid], now()))
		INSERT INTO people (id, name, created_at) VALUES ($2, '贺清源', now())`, company, officer)
	if err != nil {
		return r, err
	}
	name := filepath.Join(dir, "staff.xlsx")
	if r.FileBytes, err = writeStaff(name, people); err != nil {
		return r, err
	}
	i, err := store.BeginImport(ctx, company, officer, "staff.xlsx", r.FileBytes)
	if err != nil {
		return r, err
	}
	if err := sendParts(ctx, w, i, name); err != nil {
		return r, err
	}
	start := time.Now()
	if err := errors.Join(store.Check(ctx, i.ID, nil), w.Step(ctx, i.ID)); err != nil {
		return r, err
	}
	checked := time.Now()
	if err := errors.Join(store.Apply(ctx, i.ID, officer, nil), w.Step(ctx, i.ID)); err != nil {
		return r, err
	}
	r.Rows, r.CheckS, r.ApplyS, r.Seconds = people, checked.Sub(start).Seconds(), time.Since(checked).Seconds(), time.Since(start).Seconds()
	r.RowsPerS, r.PeakRSSMiB = float64(people)/r.Seconds, peakRSS()
	if i, err = store.Import(ctx, i.ID); err == nil && (i.State != roster.Done || i.Added != people || told.n != people) {
		err = fmt.Errorf("of %d people %d were taken in and %d told: %s %s", people, i.Added, told.n, i.State, i.Reason)
	}
	return r, err
}

func sendParts(ctx context.Context, w rosterjob.Worker, i roster.Import, name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	for n := range i.Parts() {
		size := min(int64(roster.PartSize), i.Size-int64(n)*roster.PartSize)
		if err := w.Objects.Put(ctx, rosterjob.Key(i.ID, n), io.LimitReader(f, size), size, "application/octet-stream"); err != nil {
			return err
		}
	}
	return nil
}

// writeStaff writes a workbook as spreadsheets do, its texts in a table of
// their own, without ever holding it in memory.
func writeStaff(name string, people int) (int64, error) {
	f, err := os.Create(name)
	if err != nil {
		return 0, err
	}
	defer func() { _ = f.Close() }()
	z := zip.NewWriter(f)
	member := func(name string, fill func(w io.Writer)) {
		w, e := z.Create(name)
		if err = errors.Join(err, e); e == nil {
			fill(w)
		}
	}
	const main = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"`
	const rels = `http://schemas.openxmlformats.org/officeDocument/2006/relationships`
	text := func(s string) func(io.Writer) { return func(w io.Writer) { _, _ = io.WriteString(w, s) } }
	relation := func(id, kind, to string) string {
		return `<Relationship Id="` + id + `" Type="` + rels + `/` + kind + `" Target="` + to + `"/>`
	}
	const open, shut = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`, `</Relationships>`
	member("[Content_Types].xml", text(`<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>`))
	member("_rels/.rels", text(open+relation("r1", "officeDocument", "xl/workbook.xml")+shut))
	member("xl/workbook.xml", text(`<workbook `+main+` xmlns:r="`+rels+`"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>`))
	member("xl/_rels/workbook.xml.rels", text(open+relation("r1", "worksheet", "worksheets/sheet1.xml")+relation("r2", "sharedStrings", "sharedStrings.xml")+shut))
	member("xl/worksheets/sheet1.xml", func(w io.Writer) {
		_, _ = io.WriteString(w, `<worksheet `+main+`><sheetData>`)
		for row := range people + 1 {
			_, _ = fmt.Fprintf(w, `<row r="%d">`, row+1)
			for col := range 6 {
				_, _ = fmt.Fprintf(w, `<c r="%c%d" t="s"><v>%d</v></c>`, 'A'+col, row+1, row*6+col)
			}
			_, _ = io.WriteString(w, `</row>`)
		}
		_, _ = io.WriteString(w, `</sheetData></worksheet>`)
	})
	member("xl/sharedStrings.xml", func(w io.Writer) {
		_, _ = io.WriteString(w, `<sst `+main+`><si><t>姓名</t></si><si><t>邮箱</t></si><si><t>工号</t></si><si><t>部门</t></si><si><t>职务</t></si><si><t>分组</t></si>`)
		for i := range people {
			_, _ = fmt.Fprintf(w, `<si><t>李%06d</t></si><si><t>staff%d@example.cn</t></si><si><t>W%06d</t></si><si><t>第%d车间</t></si><si><t>工程师</t></si><si><t>%d班</t></si>`, i, i, i, i%200, i%50)
		}
		_, _ = io.WriteString(w, `</sst>`)
	})
	if err = errors.Join(err, z.Close()); err != nil {
		return 0, err
	}
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// peakRSS is the most memory this program has had, in MiB; 0 where it cannot be told.
func peakRSS() float64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	_, after, _ := strings.Cut(string(status), "VmHWM:")
	fields := strings.Fields(after)
	if len(fields) == 0 {
		return 0
	}
	kib, _ := strconv.ParseFloat(fields[0], 64)
	return kib / 1024
}
