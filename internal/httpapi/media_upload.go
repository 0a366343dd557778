package httpapi

import (
	"bytes"
	"context"

	"fmt"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/media"
)

// AssetFilter chooses an organisation's assets.
type AssetFilter struct {
	OrgID  uuid.UUID
	Kind   string
	State  string
	Limit  int
	Cursor *uuid.UUID
}

// Media is what the operations on files call.
type Media interface {
	Lineage(ctx context.Context, org uuid.UUID) ([]uuid.UUID, error)
	Asset(ctx context.Context, id uuid.UUID) (media.Asset, error)
	ListAssets(ctx context.Context, f AssetFilter) (items []media.Asset, more bool, err error)
	BeginUpload(ctx context.Context, n media.NewAsset, by uuid.UUID) (media.Asset, error)
	// PutPart stores one part; the asset was read before.
	PutPart(ctx context.Context, a media.Asset, n int, data []byte) error
	CompleteUpload(ctx context.Context, id uuid.UUID) error
	PutCaptions(ctx context.Context, asset uuid.UUID, language string, cues []media.Cue) error
	// AssetOfLesson is the asset of a lesson the person is enrolled in, NotFound otherwise.
	AssetOfLesson(ctx context.Context, person, lesson uuid.UUID) (uuid.UUID, error)
	Captions(ctx context.Context, asset uuid.UUID) ([]media.Track, error)
	// Open gives n bytes of an object from off (n < 0: to the end) for sending.
	Open(ctx context.Context, key string) (File, error)
	// OpenSegment is Open for what is fetched often: the client is sent to the
	// store itself where browsers can reach it, or nginx to the file. ourselves:
	// not nginx, which would do as the request's headers say.
	OpenSegment(ctx context.Context, key string, ourselves bool) (File, error)
}

// ownAsset is an asset of an organisation in which the actor may author.
func (s *Server) ownAsset(ctx context.Context, id uuid.UUID) (media.Asset, error) {
	a, err := s.svc.Media.Asset(ctx, id)
	if err != nil {
		return a, err
	}
	return a, identity.ActorFrom(ctx).RequireIn(identity.Author, a.OrgLineage)
}

// seenAsset is an asset that the actor may see: as an author or as a reviewer.
func (s *Server) seenAsset(ctx context.Context, id uuid.UUID) (media.Asset, error) {
	a, err := s.svc.Media.Asset(ctx, id)
	if err != nil {
		return a, err
	}
	actor := identity.ActorFrom(ctx)
	if err := actor.RequireIn(identity.Review, a.OrgLineage); err == nil {
		return a, nil
	}
	return a, actor.RequireIn(identity.Author, a.OrgLineage)
}

func (s *Server) listAssets(ctx context.Context, in *ListAssetsInput) (*Body[AssetPage], error) {
	if err := s.mayAuthorIn(ctx, in.OrgID); err != nil {
		return nil, err
	}
	f := AssetFilter{OrgID: in.OrgID, Kind: in.Kind, State: in.State, Limit: in.Limit}
	if in.Cursor != "" {
		id, err := uuid.Parse(in.Cursor)
		if err != nil {
			return nil, fault.New(fault.Invalid, "the cursor is not one of ours", fault.Field{Path: "query.cursor", Message: "must be next_cursor of the page before"})
		}
		f.Cursor = &id
	}
	items, more, err := s.svc.Media.ListAssets(ctx, f)
	if err != nil {
		return nil, err
	}
	page := AssetPage{Items: []Asset{}}
	for _, a := range items {
		page.Items = append(page.Items, assetOf(a))
	}
	if more {
		cursor := items[len(items)-1].ID.String()
		page.NextCursor = &cursor
	}
	return &Body[AssetPage]{page}, nil
}

func (s *Server) mayAuthorIn(ctx context.Context, org uuid.UUID) error {
	lineage, err := s.svc.Media.Lineage(ctx, org)
	if err != nil {
		return err
	}
	return identity.ActorFrom(ctx).RequireIn(identity.Author, lineage)
}

func (s *Server) createAsset(ctx context.Context, in *CreateAssetInput) (*Body[Asset], error) {
	if err := s.mayAuthorIn(ctx, in.Body.OrgID); err != nil {
		return nil, err
	}
	n := media.NewAsset{OrgID: in.Body.OrgID, Kind: media.Kind(in.Body.Kind), Filename: in.Body.Filename, SizeBytes: in.Body.SizeBytes}
	a, err := s.svc.Media.BeginUpload(ctx, n, identity.ActorFrom(ctx).PersonID)
	if err != nil {
		return nil, err
	}
	return &Body[Asset]{assetOf(a)}, nil
}

func (s *Server) getAsset(ctx context.Context, in *IDPath) (*Body[Asset], error) {
	a, err := s.seenAsset(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &Body[Asset]{assetOf(a)}, nil
}

func (s *Server) putPart(ctx context.Context, in *PutPartInput) (*Empty, error) {
	a, err := s.ownAsset(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if err := a.CheckPart(in.Number, int64(len(in.RawBody))); err != nil {
		return nil, err
	}
	return &Empty{}, s.svc.Media.PutPart(ctx, a, in.Number, bytes.Clone(in.RawBody))
}

func (s *Server) completeAsset(ctx context.Context, in *IDPath) (*Body[Asset], error) {
	if _, err := s.ownAsset(ctx, in.ID); err != nil {
		return nil, err
	}
	if err := s.svc.Media.CompleteUpload(ctx, in.ID); err != nil {
		return nil, err
	}
	return s.getAsset(ctx, in)
}

func (s *Server) putCaptions(ctx context.Context, in *PutCaptionsInput) (*Body[Asset], error) {
	a, err := s.ownAsset(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if a.Kind != media.Video {
		return nil, fault.New(fault.Conflict, "only a video has captions")
	}
	cues, err := media.ParseCaptions(in.RawBody)
	if err != nil {
		return nil, err
	}
	if a.State == media.Ready && cues[0].FromMS >= a.DurationMS {
		return nil, fault.New(fault.Invalid, "the captions are not of this video", fault.Field{Path: "body", Message: "the first caption begins after the end of the video"})
	}
	if err := s.svc.Media.PutCaptions(ctx, in.ID, in.Language, cues); err != nil {
		return nil, err
	}
	return s.getAsset(ctx, &in.IDPath)
}

func assetOf(a media.Asset) Asset {
	out := Asset{
		ID: a.ID, OrgID: a.OrgID, Kind: string(a.Kind), Filename: a.Filename, SizeBytes: a.SizeBytes, PartSize: media.PartSize, Parts: a.Parts,
		State: string(a.State), Progress: a.Progress, FailureCode: a.FailureCode, Failure: a.Failure, DurationMS: a.DurationMS,
		Width: a.Width, Height: a.Height, Pages: a.Pages, Renditions: []Rendition{}, Captions: []CaptionMeta{}, CreatedAt: a.CreatedAt,
	}
	if out.Parts == nil || a.State != media.Uploading {
		out.Parts = []int{}
	}
	for _, c := range a.Captions {
		out.Captions = append(out.Captions, CaptionMeta{c.Language, c.Cues, fmt.Sprintf("%s/media/%s/captions/%s.vtt", Base, a.ID, c.Language)})
	}
	if a.State != media.Ready {
		return out
	}
	if a.Kind == media.Document {
		out.FileURL = fmt.Sprintf("%s/media/%s/file", Base, a.ID)
		return out
	}
	out.PosterURL, out.PreviewURL = posterURL(a.ID), fmt.Sprintf("%s/media/%s/preview.m3u8", Base, a.ID)
	for _, r := range a.Manifest.Renditions {
		out.Renditions = append(out.Renditions, Rendition{r.Name, r.Width, r.Height, r.Bandwidth, r.Copied})
	}
	return out
}

func posterURL(asset uuid.UUID) string { return fmt.Sprintf("%s/media/%s/poster.jpg", Base, asset) }
