package httpapi

import (
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/identity"
)

// Asset is an uploaded file and what became of it.
type Asset struct {
	ID          uuid.UUID     `json:"id"`
	OrgID       uuid.UUID     `json:"org_id"`
	Kind        string        `json:"kind" enum:"video,document"`
	Filename    string        `json:"filename"`
	SizeBytes   int64         `json:"size_bytes"`
	PartSize    int64         `json:"part_size"`
	Parts       []int         `json:"parts" doc:"Numbers of the parts that have arrived, while uploading"`
	State       string        `json:"state" enum:"uploading,queued,probing,packaging,ready,failed"`
	Progress    int           `json:"progress" doc:"Percent of the whole way after upload"`
	FailureCode string        `json:"failure_code,omitempty" doc:"Stable, for translation"`
	Failure     string        `json:"failure,omitempty" doc:"In plain words"`
	DurationMS  int64         `json:"duration_ms"`
	Width       int           `json:"width"`
	Height      int           `json:"height"`
	Pages       int           `json:"pages" doc:"Of a PDF; 0: not counted"`
	Renditions  []Rendition   `json:"renditions"`
	PosterURL   string        `json:"poster_url,omitempty"`
	PreviewURL  string        `json:"preview_url,omitempty" doc:"HLS playlist for authors and reviewers"`
	FileURL     string        `json:"file_url,omitempty" doc:"Of a document"`
	Captions    []CaptionMeta `json:"captions"`
	CreatedAt   time.Time     `json:"created_at"`
}

// Rendition is one rung of the ladder.
type Rendition struct {
	Name      string `json:"name"`
	Width     int    `json:"width"`
	Height    int    `json:"height"`
	Bandwidth int64  `json:"bandwidth"`
	Copied    bool   `json:"copied" doc:"Passed through without re-encoding"`
}

// CaptionMeta names a caption track of an asset.
type CaptionMeta struct {
	Language string `json:"language" enum:"zh,en"`
	Cues     int    `json:"cues"`
	URL      string `json:"url" doc:"WebVTT, for authors and reviewers"`
}

// CreateAssetInput begins an upload.
type CreateAssetInput struct {
	Body struct {
		OrgID       uuid.UUID `json:"org_id"`
		Kind        string    `json:"kind" enum:"video,document"`
		Filename    string    `json:"filename" minLength:"1" maxLength:"255"`
		SizeBytes   int64     `json:"size_bytes" minimum:"1"`
		ContentType string    `json:"content_type,omitempty" maxLength:"100"`
	}
}

// PutPartInput is one part of an upload: part_size bytes, the last one less.
type PutPartInput struct {
	IDPath
	Number  int    `path:"number" minimum:"0" maximum:"100000"`
	RawBody []byte `contentType:"application/octet-stream"`
}

// ListAssetsInput filters assets.
type ListAssetsInput struct {
	ListInput
	OrgID uuid.UUID `query:"org_id" required:"true"`
	Kind  string    `query:"kind" enum:"video,document"`
	State string    `query:"state" enum:"uploading,queued,probing,packaging,ready,failed"`
}

// AssetPage is one page of assets, newest first.
type AssetPage struct {
	Items      []Asset `json:"items"`
	NextCursor *string `json:"next_cursor" nullable:"true"`
}

// PutCaptionsInput sets the captions of one language.
type PutCaptionsInput struct {
	CaptionInput
	RawBody []byte `contentType:"text/vtt"`
}

func (s *Server) registerMedia(a huma.API) {
	tags := []string{"Media"}
	register(a, identity.Author, huma.Operation{OperationID: "list-assets", Method: http.MethodGet, Path: "/media", Tags: tags, Summary: "An organisation's files"}, s.listAssets)
	register(a, identity.Author, huma.Operation{OperationID: "create-asset", Method: http.MethodPost, Path: "/media", Tags: tags, Summary: "Begin an upload", DefaultStatus: http.StatusCreated}, s.createAsset)
	register(a, identity.Author, huma.Operation{OperationID: "get-asset", Method: http.MethodGet, Path: "/media/{id}", Tags: tags, Summary: "A file's state and progress"}, s.getAsset)
	register(a, identity.Author, huma.Operation{OperationID: "put-part", Method: http.MethodPut, Path: "/media/{id}/parts/{number}", Tags: tags, Summary: "Upload one part; again is harmless", DefaultStatus: http.StatusNoContent, MaxBodyBytes: 9 << 20}, s.putPart)
	register(a, identity.Author, huma.Operation{OperationID: "complete-asset", Method: http.MethodPost, Path: "/media/{id}/completion", Tags: tags, Summary: "All parts are there: package it", DefaultStatus: http.StatusAccepted}, s.completeAsset)
	s.registerMediaFiles(a)
	register(a, identity.Author, huma.Operation{OperationID: "put-captions", Method: http.MethodPut, Path: "/media/{id}/captions/{language}", Tags: tags, Summary: "Set captions (WebVTT or SRT)", MaxBodyBytes: 1 << 20}, s.putCaptions)
}
