package media

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// steady is a source of frames at even distances, keyframes every so many ms.
func steady(ms, gap int64) (out []Packet) {
	for at := int64(0); at < ms; at += 40 {
		out = append(out, Packet{Stream: 0, FromMS: at + 500, ToMS: at + 540, Keyframe: at%gap == 0})
	}
	return out
}

func plainSource() Source {
	return Source{VideoStream: 0, AudioStream: -1, Width: 1280, Height: 720, FrameRate: 25, Video: "h264", Profile: "High", Level: 31, PixelFormat: "yuv420p", Constant: true}
}

func TestOnlyWhatEveryBrowserPlaysPassesThrough(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		change func(*Source)
		gap    int64
		want   bool
	}{
		{"plain H.264", func(*Source) {}, 2000, true},
		{"ten bits", func(s *Source) { s.PixelFormat = "yuv420p10le" }, 2000, false},
		{"a profile of studios", func(s *Source) { s.Profile = "High 4:4:4 Predictive" }, 2000, false},
		{"a level of cinemas", func(s *Source) { s.Level = 51 }, 2000, false},
		{"larger than the top", func(s *Source) { s.Width = 2560 }, 2000, false},
		{"an odd width", func(s *Source) { s.Width = 1279 }, 2000, false},
		{"turned", func(s *Source) { s.Rotated = true }, 2000, false},
		{"keyframes too far apart", func(*Source) {}, 12_000, false},
		{"a rate that only claims to be constant", func(s *Source) { s.Constant = false }, 2000, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := plainSource()
			tc.change(&s)
			if err := s.Measure(steady(30_000, tc.gap)); err != nil {
				t.Fatal(err)
			}
			if s.Copyable() != tc.want {
				t.Errorf("copyable: %v, want %v", s.Copyable(), tc.want)
			}
		})
	}
}

func TestLengthsAreTakenFromWhatIsThere(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name     string
		declared int64
		packets  []Packet
		want     error
		ms       int64
	}{
		{"as it says", 10_000, steady(10_000, 2000), nil, 10_000},
		{"it says nothing", 0, steady(10_000, 2000), nil, 10_000},
		{"a third is missing", 15_000, steady(10_000, 2000), ErrTruncated, 0},
		{"a blink", 0, steady(400, 400), ErrTooShort, 0},
		{"one picture for an hour", 0, []Packet{{FromMS: 0, ToMS: 3_600_000, Keyframe: true}}, ErrTooShort, 0},
		{"nothing at all", 0, nil, ErrTooShort, 0},
		{"seven hours", 0, []Packet{{FromMS: 0, ToMS: 40, Keyframe: true}, {FromMS: 7 * 3_600_000, ToMS: 7*3_600_000 + 40}}, ErrTooLong, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := plainSource()
			s.DeclaredMS = tc.declared
			err := s.Measure(tc.packets)
			if !errors.Is(err, tc.want) || (err == nil && s.DurationMS != tc.ms) {
				t.Errorf("%d ms, %v; want %d, %v", s.DurationMS, err, tc.ms, tc.want)
			}
		})
	}
}

func TestFramesMayLieInAnyOrder(t *testing.T) {
	t.Parallel()
	packets := steady(8000, 2000)
	slices.Reverse(packets)
	s := plainSource()
	if err := s.Measure(packets); err != nil || !slices.Equal(s.KeyframesMS, []int64{0, 2000, 4000, 6000}) {
		t.Errorf("keyframes at %v, %v", s.KeyframesMS, err)
	}
}

func TestEveryPictureGetsALadder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := plainSource()
		s.Width, s.Height = rapid.IntRange(1, maxSide).Draw(t, "width"), rapid.IntRange(1, maxSide).Draw(t, "height")
		rungs := s.Ladder(rapid.Bool().Draw(t, "copy"))
		names := map[string]bool{}
		for i, r := range rungs {
			names[r.Name] = true
			if r.Width%2 != 0 || r.Height%2 != 0 || r.Width < 2 || r.Height < 2 || r.Width > topLength || r.Height > topLength {
				t.Fatalf("%dx%d became %+v", s.Width, s.Height, r)
			}
			if i > 0 && (r.Width > rungs[i-1].Width || r.Height > rungs[i-1].Height) {
				t.Fatalf("%dx%d: %+v is larger than %+v", s.Width, s.Height, r, rungs[i-1])
			}
		}
		if len(rungs) < 2 || len(names) != len(rungs) {
			t.Fatalf("%dx%d became %+v", s.Width, s.Height, rungs)
		}
	})
}

func TestAProbeIsJudged(t *testing.T) {
	t.Parallel()
	const film = `{"index":1,"codec_type":"video","codec_name":"h264","width":%d,"height":%d,"sample_aspect_ratio":"%s","avg_frame_rate":"25/1","r_frame_rate":"25/1","side_data_list":[{"rotation":%d}]}`
	const cover = `{"index":0,"codec_type":"video","codec_name":"mjpeg","width":500,"height":500,"disposition":{"attached_pic":1}}`
	const song = `{"index":2,"codec_type":"audio","codec_name":"aac","profile":"LC","channels":2}`
	for _, tc := range []struct {
		name, streams string
		want          error
		width, height int
	}{
		{"a film", fmt.Sprintf(film, 640, 360, "1:1", 0), nil, 640, 360},
		{"a film behind its cover", cover + "," + fmt.Sprintf(film, 640, 360, "1:1", 0), nil, 640, 360},
		{"a turned one", fmt.Sprintf(film, 640, 360, "1:1", -90), nil, 360, 640},
		{"an upside-down one", fmt.Sprintf(film, 640, 360, "1:1", 180), nil, 640, 360},
		{"a stretched one", fmt.Sprintf(film, 1440, 1080, "4:3", 0), nil, 1920, 1080},
		{"a song with a cover", cover + "," + song, ErrNoPicture, 0, 0},
		{"nothing", "", ErrNotVideo, 0, 0},
		{"a wall", fmt.Sprintf(film, 20_000, 100, "1:1", 0), ErrTooLarge, 20_000, 100},
		{"no size", fmt.Sprintf(film, 0, 0, "1:1", 0), ErrNotVideo, 0, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s, err := ReadProbe([]byte(`{"format":{"format_name":"mov,mp4,m4a"},"streams":[` + tc.streams + `]}`))
			if !errors.Is(err, tc.want) || s.Width != tc.width || s.Height != tc.height {
				t.Errorf("%dx%d, %v; want %dx%d, %v", s.Width, s.Height, err, tc.width, tc.height, tc.want)
			}
		})
	}
}

func FuzzReadProbe(f *testing.F) {
	f.Add([]byte(`{"streams":[{"codec_type":"video","width":1,"height":1,"avg_frame_rate":"0/0"}],"format":{"duration":"nan"}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := ReadProbe(data)
		if err == nil && (s.Width <= 0 || s.Height <= 0 || s.VideoStream < 0 && s.Video != "") {
			t.Errorf("took %+v", s)
		}
	})
}
