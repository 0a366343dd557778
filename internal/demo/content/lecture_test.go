package content

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hourglass-lms/hourglass/internal/media"
)

// What every clone of the repository carries.
const maxLectures = 12_000_000

type script struct {
	Language string
	Palette  string
	Course   string
	Slides   []struct {
		Title  string
		Lines  []string
		Figure string
		Say    []struct{ Zh, En, Spoken string }
	}
}

func TestLecturesAreSmallEnoughForTheRepository(t *testing.T) {
	t.Parallel()
	total, count := 0, 0
	for _, c := range load(t).Courses {
		for _, l := range c.lessons("video") {
			total += len(file(t, c, l.Lecture+".mp4"))
			count++
		}
	}
	if total > maxLectures || count < 9 {
		t.Errorf("%d lectures have %d bytes, %d are allowed", count, total, maxLectures)
	}
}

func TestEveryLectureIsWhatItsCourseSays(t *testing.T) {
	t.Parallel()
	for _, c := range load(t).Courses {
		for _, l := range c.lessons("video") {
			t.Run(c.Slug+"/"+l.Lecture, func(t *testing.T) {
				t.Parallel()
				s := readScript(t, c, l)
				src := examine(t, file(t, c, l.Lecture+".mp4"))
				checkVideo(t, c, src)
				for _, language := range []string{"zh", "en"} {
					checkCaptions(t, s, language, file(t, c, l.Lecture+"."+language+".vtt"), src.DurationMS)
				}
			})
		}
	}
}

func readScript(t *testing.T, c Course, l Lesson) (s script) {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(file(t, c, l.Lecture+".script.json")))
	d.DisallowUnknownFields()
	if err := d.Decode(&s); err != nil {
		t.Fatal(err)
	}
	if s.Language != c.Language {
		t.Errorf("spoken in %q, the course is in %q", s.Language, c.Language)
	}
	return s
}

// checkVideo wants what the packager passes through without encoding it again.
func checkVideo(t *testing.T, c Course, src media.Source) {
	t.Helper()
	shortest := int64(60_000)
	if c.Slug == "how-hours-count" { // watched in real time by the browser test
		shortest = 35_000
	}
	if src.DurationMS < shortest || src.DurationMS > 180_000 {
		t.Errorf("%d ms long", src.DurationMS)
	}
	if !src.Copyable() || !src.AudioCopyable() || src.Width != 1280 || src.Height != 720 {
		t.Errorf("not H.264 of 1280 × 720 with AAC and regular keyframes: %+v", src)
	}
}

// checkCaptions wants one caption for each sentence of the script, in order.
func checkCaptions(t *testing.T, s script, language, vtt string, endMS int64) {
	t.Helper()
	cues, err := media.ParseCaptions([]byte(vtt))
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, slide := range s.Slides {
		for _, say := range slide.Say {
			want = append(want, map[string]string{"zh": say.Zh, "en": say.En}[language])
		}
	}
	if len(cues) != len(want) {
		t.Fatalf("%s: %d captions for %d sentences", language, len(cues), len(want))
	}
	last := int64(0)
	for i, cue := range cues {
		if cue.FromMS < last || cue.ToMS > endMS {
			t.Errorf("%s: the caption from %d to %d ms overlaps, or the video has ended", language, cue.FromMS, cue.ToMS)
		}
		if cue.Text != want[i] {
			t.Errorf("%s: the caption %q is not of the script; run make lectures", language, cue.Text)
		}
		last = cue.ToMS
	}
	if endMS-last > 2000 {
		t.Errorf("%s: the last %d ms have no caption", language, endMS-last)
	}
}

// examine asks ffprobe, as the packager does.
func examine(t *testing.T, video string) media.Source {
	t.Helper()
	name := filepath.Join(t.TempDir(), "lecture.mp4")
	if err := os.WriteFile(name, []byte(video), 0o600); err != nil {
		t.Fatal(err)
	}
	src, err := media.ReadProbe(probe(t, "-show_streams", "-show_format", name))
	if err != nil {
		t.Fatal(err)
	}
	var read struct {
		Packets []struct {
			Stream   int     `json:"stream_index"`
			From     float64 `json:"pts_time,string"`
			Duration float64 `json:"duration_time,string"`
			Flags    string  `json:"flags"`
		} `json:"packets"`
	}
	if err := json.Unmarshal(probe(t, "-show_packets", name), &read); err != nil {
		t.Fatal(err)
	}
	var packets []media.Packet
	for _, p := range read.Packets {
		packets = append(packets, media.Packet{Stream: p.Stream, FromMS: int64(p.From * 1000), ToMS: int64((p.From + p.Duration) * 1000), Keyframe: strings.HasPrefix(p.Flags, "K")})
	}
	if err := src.Measure(packets); err != nil {
		t.Fatal(err)
	}
	return src
}

func probe(t *testing.T, args ...string) []byte {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "ffprobe", append([]string{"-v", "error", "-of", "json"}, args...)...).Output()
	if err != nil {
		t.Fatalf("ffprobe (deploy/setup.sh test installs it): %v", err)
	}
	return out
}
