package httpapi

import (
	"strconv"
	"strings"

	"github.com/hourglass-lms/hourglass/internal/fault"
)

// etagOf writes a revision number as a strong entity tag.
func etagOf(revision int64) string { return `"` + strconv.FormatInt(revision, 10) + `"` }

// Revision is the revision number that was read before this edit. "*" and tags
// we never gave are refused: an edit must say what it builds on.
func (in EditInput) Revision() (int64, error) {
	text, ok := strings.CutPrefix(in.IfMatch, `"`)
	text, closed := strings.CutSuffix(text, `"`)
	n, err := strconv.ParseInt(text, 10, 64)
	if !ok || !closed || err != nil || n < 0 || etagOf(n) != in.IfMatch {
		return 0, fault.New(fault.Precondition, "If-Match must hold the ETag that was read", fault.Field{Path: "header.If-Match", Message: "is not an ETag of this server"})
	}
	return n, nil
}
