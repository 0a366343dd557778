package packager_test

import (
	"encoding/binary"
	"testing"
)

// fragment is what a browser sees of one segment: where each track begins, by
// the boxes themselves (ISO/IEC 14496-12), with no edit list between.
type fragment struct {
	startMS  map[string]float64 // "vide", "soun"
	keyframe bool
}

// boxes calls f for every box in data, one level deep.
func boxes(data []byte, f func(kind string, body []byte)) {
	for len(data) >= 8 {
		n := int(binary.BigEndian.Uint32(data))
		if n < 8 || n > len(data) {
			return
		}
		f(string(data[4:8]), data[8:n])
		data = data[n:]
	}
}

type track struct {
	kind      string
	timescale float64
}

// tracks reads the initialisation section.
func tracks(t *testing.T, init []byte) map[uint32]track {
	t.Helper()
	out := map[uint32]track{}
	boxes(init, func(kind string, moov []byte) {
		if kind != "moov" {
			return
		}
		boxes(moov, func(kind string, trak []byte) {
			if kind != "trak" {
				return
			}
			var id uint32
			var tr track
			boxes(trak, func(kind string, body []byte) {
				switch kind {
				case "tkhd":
					id = binary.BigEndian.Uint32(body[12:])
				case "edts":
					t.Error("there is an edit list, which browsers read each in their own way")
				case "mdia":
					boxes(body, func(kind string, body []byte) {
						switch kind {
						case "mdhd":
							tr.timescale = float64(binary.BigEndian.Uint32(body[12:]))
						case "hdlr":
							tr.kind = string(body[8:12])
						}
					})
				}
			})
			out[id] = tr
		})
	})
	return out
}

// readFragment reads the first moof of a segment.
func readFragment(known map[uint32]track, segment []byte) fragment {
	out := fragment{startMS: map[string]float64{}}
	boxes(segment, func(kind string, moof []byte) {
		if kind != "moof" {
			return
		}
		boxes(moof, func(kind string, traf []byte) {
			if kind == "traf" {
				readTrack(known, traf, &out)
			}
		})
	})
	return out
}

func readTrack(known map[uint32]track, traf []byte, out *fragment) {
	var tr track
	var decode, shift float64
	var flags uint32
	boxes(traf, func(kind string, body []byte) {
		switch kind {
		case "tfhd":
			tr = known[binary.BigEndian.Uint32(body[4:])]
			if tf := binary.BigEndian.Uint32(body) & 0xffffff; tf&0x20 != 0 {
				at := 8 + 8*int(tf&1) + 4*int(tf>>1&1) + 4*int(tf>>3&1) + 4*int(tf>>4&1)
				flags = binary.BigEndian.Uint32(body[at:])
			}
		case "tfdt":
			decode = float64(binary.BigEndian.Uint64(body[4:]))
		case "trun":
			shift, flags = firstSample(body, flags)
		}
	})
	if _, again := out.startMS[tr.kind]; again || tr.timescale == 0 {
		return
	}
	out.startMS[tr.kind] = (decode + shift) * 1000 / tr.timescale
	if tr.kind == "vide" {
		out.keyframe = flags&0x10000 == 0 // sample_is_non_sync_sample
	}
}

func firstSample(trun []byte, flags uint32) (shift float64, _ uint32) {
	has := binary.BigEndian.Uint32(trun) & 0xffffff
	at := 8
	if has&1 != 0 {
		at += 4
	}
	if has&4 != 0 {
		flags = binary.BigEndian.Uint32(trun[at:])
		at += 4
	}
	at += 4 * int(has>>8&1+has>>9&1)
	if has&0x400 != 0 {
		flags = binary.BigEndian.Uint32(trun[at:])
		at += 4
	}
	if has&0x800 != 0 {
		shift = float64(int32(binary.BigEndian.Uint32(trun[at:])))
	}
	return shift, flags
}
