package httpapi

import (
	"encoding/json"
	"strconv"

	"github.com/hourglass-lms/hourglass/internal/study"
	"github.com/hourglass-lms/hourglass/internal/study/engine"
)

var contentJSON = []byte("application/json")

// appendBeatAnswer writes a BeatAnswer as encoding/json does, without the
// detour over lists of intervals.
func appendBeatAnswer(b []byte, a *engine.Answer) ([]byte, error) {
	s := &a.State
	b = append(append(b, `{"token":"`...), a.Token...)
	b = appendField(b, `","seq":`, s.Seq)
	b = appendField(b, `,"verified_s":`, s.VerifiedMS/1000)
	b = appendField(b, `,"pending_s":`, s.PendingMS/1000)
	b = appendField(b, `,"forfeited_s":`, s.ForfeitedMS/1000)
	b = appendIntervals(append(b, `,"covered":`...), s.Covered)
	b = appendIntervals(append(b, `,"pending":`...), s.Pending)
	b = strconv.AppendBool(append(b, `,"lesson_completed":`...), s.Completed)
	if check := presenceOf(a.Check); check != nil {
		text, err := json.Marshal(check)
		if err != nil {
			return nil, err
		}
		b = append(append(b, `,"presence":`...), text...)
	}
	if name := outcomeNames[s.Outcome]; name != "" {
		b = append(append(append(b, `,"presence_outcome":"`...), name...), '"')
	}
	return append(b, '}'), nil
}

func appendField(b []byte, name string, n int64) []byte {
	return strconv.AppendInt(append(b, name...), n, 10)
}

func appendIntervals(b []byte, set study.Bits) []byte {
	b = append(b, '[')
	begin := len(b)
	set.EachInterval(func(from, to int) {
		if len(b) > begin {
			b = append(b, ',')
		}
		b = strconv.AppendInt(append(b, '['), int64(from), 10)
		b = strconv.AppendInt(append(b, ','), int64(to), 10)
		b = append(b, ']')
	})
	return append(b, ']')
}
