package httpapi

import (
	"fmt"
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
)

// registerMediaFiles adds what answers with files rather than JSON.
func (s *Server) registerMediaFiles(a huma.API) {
	tags := []string{"Media"}
	raw := func(right identity.Right, id, path, summary string, h fiber.Handler, query ...*huma.Param) {
		s.registerRaw(a, right, huma.Operation{OperationID: id, Method: http.MethodGet, Path: path, Tags: tags, Summary: summary, Parameters: query}, h)
	}
	download := &huma.Param{Name: "download", In: "query", Schema: &huma.Schema{Type: huma.TypeBoolean}, Description: "To be kept rather than shown"}
	raw(identity.Public, "get-poster", "/media/{id}/poster.jpg", "A video's poster", s.poster)
	raw(identity.Own, "get-document", "/media/{id}/file", "A document, for its authors and reviewers", s.document, download)
	raw(identity.Own, "get-preview", "/media/{id}/preview.m3u8", "A video as HLS, for its authors and reviewers", s.preview)
	raw(identity.Own, "get-preview-file", "/media/{id}/preview/{rendition}/{name}", "A playlist or segment of the preview", s.previewFile)
	raw(identity.Own, "get-preview-captions", "/media/{id}/captions/{language}.vtt", "Captions of a video as WebVTT, for its authors and reviewers", s.previewCaptions)
	raw(identity.Learn, "get-captions", "/lessons/{id}/captions/{language}.vtt", "Captions of a lesson as WebVTT", s.lessonCaptions)
	raw(identity.Learn, "get-lesson-file", "/lessons/{id}/file", "The PDF of a document lesson", s.lessonFile, download)
}

// idIn is the id in a raw operation's path.
func idIn(c *fiber.Ctx, name string) (uuid.UUID, error) {
	id, err := uuid.Parse(c.Params(name))
	if err != nil {
		return id, fault.New(fault.Invalid, "the address is not right", fault.Field{Path: "path." + name, Message: "must be a UUID"})
	}
	return id, nil
}

// sendObject answers with a stored object as it is.
func (s *Server) sendObject(c *fiber.Ctx, key string, maxAge time.Duration) error {
	f, err := s.svc.Media.Open(c.UserContext(), key)
	if err != nil {
		return err
	}
	return f.send(c, maxAge)
}

// poster needs no sign-in: the catalogue shows it, and its id is not to be guessed.
func (s *Server) poster(c *fiber.Ctx) error {
	id, err := idIn(c, "id")
	if err != nil {
		return err
	}
	return s.sendObject(c, media.PosterKey(id), time.Hour)
}

func (s *Server) document(c *fiber.Ctx) error {
	id, err := idIn(c, "id")
	if err != nil {
		return err
	}
	a, err := s.seenAsset(c.UserContext(), id)
	if err != nil {
		return err
	}
	return s.sendDocument(c, a)
}

func (s *Server) sendDocument(c *fiber.Ctx, a media.Asset) error {
	if a.Kind != media.Document || a.State != media.Ready {
		return fault.New(fault.NotFound, "there is no document here")
	}
	// RFC 6266: the name in UTF-8, and as an attachment only when asked for.
	how := "inline"
	if c.QueryBool("download") {
		how = "attachment"
	}
	c.Set(fiber.HeaderContentDisposition, how+"; filename=\"document.pdf\"; filename*=UTF-8''"+strings.ReplaceAll(urlEscape(a.Filename), "+", "%20"))
	return s.sendObject(c, media.FileKey(a.ID), 10*time.Minute)
}

func urlEscape(text string) string {
	var b strings.Builder
	for _, x := range []byte(text) {
		if (x >= 'a' && x <= 'z') || (x >= 'A' && x <= 'Z') || (x >= '0' && x <= '9') || x == '.' || x == '-' || x == '_' {
			b.WriteByte(x)
		} else {
			fmt.Fprintf(&b, "%%%02X", x)
		}
	}
	return b.String()
}

func (s *Server) readyVideo(c *fiber.Ctx) (media.Asset, error) {
	id, err := idIn(c, "id")
	if err != nil {
		return media.Asset{}, err
	}
	a, err := s.seenAsset(c.UserContext(), id)
	if err == nil && a.Manifest == nil {
		err = fault.New(fault.NotFound, "this video is not ready to be played")
	}
	return a, err
}

const playlistType = "application/vnd.apple.mpegurl"

func sendPlaylist(c *fiber.Ctx, text []byte) error {
	c.Set(fiber.HeaderContentType, playlistType)
	c.Set(fiber.HeaderCacheControl, "private, no-store")
	return c.Send(text)
}

func (s *Server) preview(c *fiber.Ctx) error {
	a, err := s.readyVideo(c)
	if err != nil {
		return err
	}
	return sendPlaylist(c, media.MasterPlaylist(*a.Manifest, func(r string) string { return "preview/" + r + "/index.m3u8" }))
}

func (s *Server) previewFile(c *fiber.Ctx) error {
	a, err := s.readyVideo(c)
	if err != nil {
		return err
	}
	r, known := a.Manifest.Rendition(c.Params("rendition"))
	name := c.Params("name")
	number, isSegment := strings.CutSuffix(name, ".m4s")
	n, errN := strconv.Atoi(number)
	switch {
	case !known:
	case name == "index.m3u8":
		return sendPlaylist(c, media.MediaPlaylist(*a.Manifest, "init.mp4", func(n int) string { return strconv.Itoa(n) + ".m4s" }))
	case name == "init.mp4":
		return s.sendObject(c, media.InitKey(a.ID, r.Name), time.Hour)
	case isSegment && errN == nil && n >= 0 && n < a.Manifest.Segments():
		return s.sendObject(c, media.SegmentKey(a.ID, r.Name, n), time.Hour)
	}
	return fault.New(fault.NotFound, "there is no such part of this video")
}

func (s *Server) lessonAsset(c *fiber.Ctx) (media.Asset, error) {
	id, err := idIn(c, "id")
	if err != nil {
		return media.Asset{}, err
	}
	ctx := c.UserContext()
	asset, err := s.svc.Media.AssetOfLesson(ctx, identity.ActorFrom(ctx).PersonID, id)
	if err != nil {
		return media.Asset{}, err
	}
	return s.svc.Media.Asset(ctx, asset)
}

func (s *Server) lessonCaptions(c *fiber.Ctx) error {
	a, err := s.lessonAsset(c)
	if err != nil {
		return err
	}
	return s.sendCaptions(c, a.ID, "private, max-age=600")
}

// previewCaptions are asked for anew each time: their author replaces them.
func (s *Server) previewCaptions(c *fiber.Ctx) error {
	a, err := s.readyVideo(c)
	if err != nil {
		return err
	}
	return s.sendCaptions(c, a.ID, "private, no-cache")
}

func (s *Server) sendCaptions(c *fiber.Ctx, asset uuid.UUID, caching string) error {
	tracks, err := s.svc.Media.Captions(c.UserContext(), asset)
	if err != nil {
		return err
	}
	for _, t := range tracks {
		if t.Language == c.Params("language") {
			c.Set(fiber.HeaderContentType, "text/vtt; charset=utf-8")
			c.Set(fiber.HeaderCacheControl, caching)
			return c.Send(media.WebVTT(t.Cues))
		}
	}
	return fault.New(fault.NotFound, "there are no captions in this language")
}

func (s *Server) lessonFile(c *fiber.Ctx) error {
	a, err := s.lessonAsset(c)
	if err != nil {
		return err
	}
	return s.sendDocument(c, a)
}
