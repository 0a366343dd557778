package roster

import (
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"
)

// readDate reads a day as people and workbooks write it. serials: a number is
// a day as a workbook counts it (ECMA-376, 18.17.4.1), from 1904 or from 1900.
// asText says that it was written out.
func readDate(s string, serials, from1904 bool) (day time.Time, asText, ok bool) {
	if n, err := strconv.ParseFloat(s, 64); err == nil && serials {
		if !(n >= 61) || n >= 2_958_466 { // before March 1900 the count is off by one; after 9999 there is none
			return day, false, false
		}
		first := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
		if from1904 {
			first = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
		}
		return first.AddDate(0, 0, int(n)), false, true
	}
	s = norm.NFKC.String(s)
	s, _, _ = strings.Cut(strings.ReplaceAll(s, "T", " "), " ")
	s = strings.NewReplacer("年", "-", "月", "-", "日", "", "/", "-", ".", "-").Replace(s)
	for _, layout := range []string{"2006-1-2", "20060102"} {
		if day, err := time.Parse(layout, s); err == nil {
			return day, true, true
		}
	}
	return day, true, false
}
