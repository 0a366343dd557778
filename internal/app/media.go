package app

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/httpapi"
	"github.com/hourglass-lms/hourglass/internal/jobs"
	"github.com/hourglass-lms/hourglass/internal/media"
	"github.com/hourglass-lms/hourglass/internal/media/mediadb"
	"github.com/hourglass-lms/hourglass/storage/objects"
)

// mediaService is httpapi.Media over the database, the store and the queue.
type mediaService struct {
	*mediadb.Store
	objects objects.Store
	jobs    *jobs.Client
	// public: browsers reach the store at an address of its own.
	public bool
	// accel is nginx's internal address of the files (X-Accel-Redirect), with a slash at its end; "": none.
	accel     string
	maxUpload int64
	now       func() time.Time
}

func (s *mediaService) ListAssets(ctx context.Context, f httpapi.AssetFilter) ([]media.Asset, bool, error) {
	return s.List(ctx, mediadb.Filter(f))
}

func (s *mediaService) BeginUpload(ctx context.Context, n media.NewAsset, by uuid.UUID) (media.Asset, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return media.Asset{}, fmt.Errorf("new asset's id: %w", err)
	}
	a, err := media.Begin(id, n, s.maxUpload, by, s.now())
	if err != nil {
		return a, err
	}
	if err := s.Create(ctx, a); err != nil {
		return a, err
	}
	return s.Asset(ctx, id)
}

// PutPart stores first and notes after: a part that is noted is there.
func (s *mediaService) PutPart(ctx context.Context, a media.Asset, n int, data []byte) error {
	if err := s.objects.Put(ctx, media.PartKey(a.ID, n), bytes.NewReader(data), int64(len(data)), "application/octet-stream"); err != nil {
		return fmt.Errorf("part %d of %s: %w", n, a.ID, err)
	}
	return s.MarkPart(ctx, a.ID, n)
}

func (s *mediaService) CompleteUpload(ctx context.Context, id uuid.UUID) error {
	return s.Complete(ctx, id, s.jobs.Enqueue)
}

// onDisk is a store whose files the kernel can send by itself.
type onDisk interface {
	File(key string) (*os.File, objects.Info, error)
	Type(key string) string
}

// Open finds the fastest road the store has.
func (s *mediaService) Open(ctx context.Context, key string) (httpapi.File, error) {
	if d, ok := s.objects.(onDisk); ok {
		return openFile(d, key, d.Type(key))
	}
	info, err := s.objects.Stat(ctx, key)
	if err != nil {
		return httpapi.File{}, err
	}
	f := httpapi.File{Size: info.Size, ContentType: info.ContentType, ETag: info.ETag}
	// Read by us rather than redirected: posters and documents are small, and
	// a page's own address keeps its own name and its own headers.
	f.Open = func(off, n int64) (io.ReadCloser, error) {
		// The answer is sent after the handler has returned and its context ended.
		r, _, err := s.objects.Get(context.WithoutCancel(ctx), key, off, n)
		return r, err
	}
	return f, nil
}

func openFile(d onDisk, key, contentType string) (httpapi.File, error) {
	file, info, err := d.File(key)
	return httpapi.File{Size: info.Size, ContentType: contentType, ETag: info.ETag, OnDisk: file}, err
}

// presigned is how long an address of the store holds: long enough for a slow phone to fetch one segment.
const presigned = 10 * time.Minute

func (s *mediaService) OpenSegment(ctx context.Context, key string, ourselves bool) (httpapi.File, error) {
	d, disk := s.objects.(onDisk)
	switch {
	case s.accel != "" && !ourselves:
		return httpapi.File{ContentType: media.SegmentTypeOf(key), Accel: s.accel + key}, nil
	case disk:
		return openFile(d, key, media.SegmentTypeOf(key))
	case s.public:
		address, ok, err := s.objects.Presign(ctx, key, presigned)
		if err != nil {
			return httpapi.File{}, fmt.Errorf("address of %s: %w", key, err)
		}
		if ok {
			return httpapi.File{Redirect: address}, nil
		}
	}
	return s.Open(ctx, key)
}
