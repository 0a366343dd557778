package httpapi

import (
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/media"
	"github.com/hourglass-lms/hourglass/internal/study"
	"github.com/hourglass-lms/hourglass/internal/study/engine"
)

// registerSegments adds the playlists of sessions and the segments they name.
func (s *Server) registerSegments(a huma.API, tags []string) {
	raw := func(right identity.Right, id, path, summary string, h fiber.Handler, query ...*huma.Param) {
		s.registerRaw(a, right, huma.Operation{OperationID: id, Method: http.MethodGet, Path: path, Tags: tags, Summary: summary, Parameters: query}, h)
	}
	lang := &huma.Param{Name: "lang", In: "query", Schema: &huma.Schema{Type: huma.TypeString, Enum: []any{"zh", "en"}}, Description: "Of a text"}
	raw(identity.Learn, "get-session-playlist", "/study-sessions/{id}/playlist.m3u8", "A session's video as HLS", s.sessionPlaylist)
	raw(identity.Learn, "get-session-rendition", "/study-sessions/{id}/{rendition}/index.m3u8", "One rendition, with addresses signed for the session", s.sessionRendition)
	raw(identity.Learn, "get-session-document", "/study-sessions/{id}/document", "What a session reads: a PDF, or a text in Markdown", s.sessionDocument, lang)
	// Whoever has the address has the right: it names the session and is signed for it.
	describeRaw(a, identity.Public, segmentOperation(tags))
}

const segmentPath = "/segments/{session}/{rendition}/{name}"

func segmentOperation(tags []string) huma.Operation {
	signed := func(name, what string, typ *huma.Schema) *huma.Param {
		return &huma.Param{Name: name, In: "query", Required: true, Schema: typ, Description: what + ", as the playlist names it"}
	}
	return huma.Operation{
		OperationID: "get-segment", Method: http.MethodGet, Path: segmentPath, Tags: tags, Summary: "A segment, within the pace of its session",
		Parameters: []*huma.Param{signed("e", "When the address ends", &huma.Schema{Type: huma.TypeInteger, Format: "int64"}), signed("s", "Its proof", &huma.Schema{Type: huma.TypeString})},
	}
}

func (s *Server) playlistIn(c *fiber.Ctx) (id uuid.UUID, p engine.Playlist, err error) {
	if id, err = idIn(c, "id"); err != nil {
		return id, p, err
	}
	ctx := c.UserContext()
	p, err = s.svc.Study.Playlist(ctx, identity.ActorFrom(ctx).PersonID, id)
	return id, p, err
}

func (s *Server) sessionPlaylist(c *fiber.Ctx) error {
	_, p, err := s.playlistIn(c)
	if err != nil {
		return err
	}
	return sendPlaylist(c, media.MasterPlaylist(p.Manifest, func(r string) string { return r + "/index.m3u8" }))
}

func (s *Server) sessionRendition(c *fiber.Ctx) error {
	id, p, err := s.playlistIn(c)
	if err != nil {
		return err
	}
	r, known := p.Manifest.Rendition(c.Params("rendition"))
	if !known {
		return fault.New(fault.NotFound, "there is no such rendition of this video")
	}
	address := func(n int) string {
		name := "init.mp4"
		if n != study.InitSegment {
			name = strconv.Itoa(n) + ".m4s"
		}
		proof, expires := p.Sign(r.Name, n)
		return fmt.Sprintf("%s/segments/%s/%s/%s?e=%d&s=%s", Base, id, r.Name, name, expires, proof)
	}
	return sendPlaylist(c, media.MediaPlaylist(p.Manifest, address(study.InitSegment), address))
}

func (s *Server) segment(c *fiber.Ctx) error {
	if c.Request().Header.IsHead() {
		// It would be noted as delivered, and no byte of it sent.
		c.Set(fiber.HeaderAllow, http.MethodGet)
		return fiber.ErrMethodNotAllowed
	}
	session, err := idIn(c, "session")
	if err != nil {
		return err
	}
	n, ok := segmentNumber(c.Params("name"))
	expires, errE := strconv.ParseInt(c.Query("e"), 10, 64)
	if !ok || errE != nil {
		return fault.New(fault.NotFound, "there is no such segment")
	}
	ctx := c.UserContext()
	segment, err := s.svc.Study.Deliver(ctx, engine.SegmentRequest{Session: session, Rendition: c.Params("rendition"), Number: n, Expires: expires, Proof: c.Query("s")})
	if err != nil {
		return err
	}
	f, err := s.svc.Media.OpenSegment(ctx, segment.Key, segment.First && sendWhole(c))
	if err != nil {
		return err
	}
	// A browser may keep what it was sent: the record of its delivery stands.
	return f.send(c, time.Hour)
}

// sendWhole: what counts as delivered is sent whole. A part, or "not modified",
// would do as proof of nothing. It says whether less was asked for.
func sendWhole(c *fiber.Ctx) (less bool) {
	for _, name := range []string{fiber.HeaderRange, fiber.HeaderIfNoneMatch, fiber.HeaderIfModifiedSince, fiber.HeaderIfMatch, fiber.HeaderIfUnmodifiedSince} {
		if len(c.Request().Header.Peek(name)) > 0 {
			c.Request().Header.Del(name)
			less = true
		}
	}
	return less
}

func (s *Server) sessionDocument(c *fiber.Ctx) error {
	if c.Request().Header.IsHead() {
		c.Set(fiber.HeaderAllow, http.MethodGet)
		return fiber.ErrMethodNotAllowed
	}
	id, err := idIn(c, "id")
	if err != nil {
		return err
	}
	language := c.Query("lang")
	if language != "" && language != "zh" && language != "en" {
		return fault.New(fault.Invalid, "the address is not right", fault.Field{Path: "query.lang", Message: "must be zh or en"})
	}
	ctx := c.UserContext()
	d, err := s.svc.Study.Document(ctx, identity.ActorFrom(ctx).PersonID, id, language)
	if err != nil {
		return err
	}
	if d.First {
		sendWhole(c)
	}
	if d.AssetID != uuid.Nil {
		return s.sendObject(c, media.FileKey(d.AssetID), 10*time.Minute)
	}
	c.Set(fiber.HeaderContentType, "text/markdown; charset=utf-8")
	c.Set(fiber.HeaderCacheControl, "private, no-store")
	return c.SendString(d.Text)
}

// segmentNumber reads "init.mp4" or "12.m4s".
func segmentNumber(name string) (int, bool) {
	if name == "init.mp4" {
		return study.InitSegment, true
	}
	digits, ok := strings.CutSuffix(name, ".m4s")
	n, err := strconv.ParseUint(digits, 10, 31)
	return int(n), ok && err == nil && n <= math.MaxInt32 && digits == strconv.FormatUint(n, 10)
}
