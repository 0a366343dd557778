package catalogdb

import (
	"encoding/base64"
	"encoding/binary"
	"math"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/fault"
)

// ordering is how a list is ordered, and what its cursors hold.
type ordering struct {
	code byte   // of its cursors, so that one of another list is refused
	key  string // SQL
	kind string // SQL type of the key
	desc bool
}

// cursor is the sort key of the last item of a page: a time.Time, a float64 or
// a string, and the item's id.
type cursor struct {
	Key any
	ID  uuid.UUID
}

// write makes the cursor opaque: the ordering's code, the id, the key. Keys are
// at most 32 characters, so that it fits the bound of the query parameter.
func (o ordering) write(c cursor) *string {
	data := append([]byte{o.code}, c.ID[:]...)
	switch k := c.Key.(type) {
	case time.Time:
		data = binary.BigEndian.AppendUint64(data, uint64(k.UnixMicro()))
	case float64:
		data = binary.BigEndian.AppendUint64(data, math.Float64bits(k))
	case string:
		data = append(data, k...)
	}
	text := base64.RawURLEncoding.EncodeToString(data)
	return &text
}

// read is nil for the first page.
func (o ordering) read(text string) (*cursor, error) {
	if text == "" {
		return nil, nil
	}
	const head = 1 + len(uuid.UUID{})
	data, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(data) < head || data[0] != o.code {
		return nil, errCursor
	}
	c := cursor{ID: uuid.UUID(data[1:head])}
	key := data[head:]
	switch {
	case o.kind == kindText && utf8.Valid(key) && !strings.ContainsRune(string(key), 0):
		c.Key = string(key)
	case o.kind == kindTime && len(key) == 8:
		c.Key = time.UnixMicro(int64(binary.BigEndian.Uint64(key))).UTC()
	case o.kind == kindNumber && len(key) == 8:
		c.Key = math.Float64frombits(binary.BigEndian.Uint64(key))
	default:
		return nil, errCursor
	}
	if at, isTime := c.Key.(time.Time); isTime && (at.Year() < 2000 || at.Year() > 9999) {
		return nil, errCursor // beyond what PostgreSQL can compare
	}
	return &c, nil
}

var errCursor = fault.New(fault.Invalid, "the cursor is not one of this list", fault.Field{Path: "query.cursor", Message: "must be next_cursor of the page before, in the same order"})

const (
	kindText   = `text COLLATE "zh-x-icu"`
	kindTime   = "timestamptz"
	kindNumber = "float8"
)

// titleKey orders Chinese titles by their pinyin, as readers of lists expect,
// and after them whatever is written in Latin letters.
const titleKey = `left(lower(v.title_zh || v.title_en), 32) COLLATE "zh-x-icu"`

// The orderings of the catalogue, of drafts and of the review queue.
var (
	byRelevance = ordering{'r', "", kindNumber, true} // its key depends on the query
	byNewest    = ordering{'n', `v.published_at`, kindTime, true}
	byHours     = ordering{'h', `v.hours::float8`, kindNumber, false}
	byHoursDesc = ordering{'H', `v.hours::float8`, kindNumber, true}
	byTitle     = ordering{'t', titleKey, kindText, false}
	byChange    = ordering{'c', `v.updated_at`, kindTime, true}
	bySubmitted = ordering{'s', `v.submitted_at`, kindTime, false}
)
