// Package s3 keeps objects in a bucket of an S3 store, with nothing but plain
// S3, so that MinIO, versitygw and the clouds serve alike.
package s3

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/storage/objects"
)

// Options say which bucket of which store.
type Options struct {
	Endpoint  *url.URL
	Public    *url.URL // where browsers reach the store; nil: Endpoint
	Bucket    string
	Region    string // "": us-east-1
	AccessKey string
	SecretKey string
}

// Store is one bucket.
type Store struct {
	bucket string
	region string
	client *minio.Client
	signer *minio.Client // signs for the public address
}

const (
	// answerWithin bounds the wait for a store that does not answer; a body may take longer.
	answerWithin = 5 * time.Second
	partSize     = 16 << 20
)

// Open makes the client and, when the store answers and allows it, the bucket.
// A store that is away is not an error: it is Unavailable until it is back.
func Open(ctx context.Context, o Options) (*Store, error) {
	if o.Region == "" {
		o.Region = "us-east-1"
	}
	client, err := newClient(o, o.Endpoint)
	if err != nil {
		return nil, err
	}
	s := &Store{bucket: o.Bucket, region: o.Region, client: client, signer: client}
	if o.Public != nil {
		if s.signer, err = newClient(o, o.Public); err != nil {
			return nil, err
		}
	}
	if err := s.ensureBucket(ctx); err != nil && fault.KindOf(err) != fault.Unavailable {
		return nil, err
	}
	return s, nil
}

func newClient(o Options, at *url.URL) (*minio.Client, error) {
	transport, err := minio.DefaultTransport(at.Scheme == "https")
	if err != nil {
		return nil, fmt.Errorf("s3 transport: %w", err)
	}
	transport.DialContext = (&net.Dialer{Timeout: answerWithin, KeepAlive: 15 * time.Second}).DialContext
	transport.TLSHandshakeTimeout = answerWithin
	transport.ResponseHeaderTimeout = answerWithin
	transport.MaxIdleConnsPerHost = 64
	c, err := minio.New(at.Host, &minio.Options{
		Creds:  credentials.NewStaticV4(o.AccessKey, o.SecretKey, ""),
		Secure: at.Scheme == "https", Region: o.Region, Transport: transport,
		BucketLookup: minio.BucketLookupPath, MaxRetries: 2,
	})
	if err != nil {
		return nil, fmt.Errorf("s3 client: %w", err)
	}
	return c, nil
}

func (s *Store) ensureBucket(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 2*answerWithin)
	defer cancel()
	there, err := s.client.BucketExists(ctx, s.bucket)
	if err != nil {
		return fmt.Errorf("look for bucket %s: %w", s.bucket, translate(err))
	}
	if there {
		return nil
	}
	err = s.client.MakeBucket(ctx, s.bucket, minio.MakeBucketOptions{Region: s.region})
	if code := minio.ToErrorResponse(err).Code; code == "BucketAlreadyOwnedByYou" || code == "BucketAlreadyExists" {
		return nil // another of us was quicker
	}
	if err != nil {
		return fmt.Errorf("make bucket %s: %w", s.bucket, translate(err))
	}
	return nil
}

// Put writes an object; S3 shows it only when it is whole.
func (s *Store) Put(ctx context.Context, key string, r io.Reader, size int64, contentType string) error {
	if err := objects.CheckKey(key); err != nil {
		return err
	}
	counted := &counter{r: io.LimitReader(r, size+1)}
	_, err := s.client.PutObject(ctx, s.bucket, key, counted, size, minio.PutObjectOptions{ContentType: contentType, PartSize: partSize})
	if counted.ended && counted.n != size {
		if err == nil {
			_ = s.client.RemoveObject(ctx, s.bucket, key, minio.RemoveObjectOptions{})
		}
		return fmt.Errorf("put %s: %w", key, objects.ErrSize)
	}
	if err != nil {
		return fmt.Errorf("put %s: %w", key, translate(err))
	}
	return nil
}

// Get reads a part of an object, in one request.
func (s *Store) Get(ctx context.Context, key string, off, n int64) (io.ReadCloser, objects.Info, error) {
	if objects.CheckKey(key) != nil {
		return nil, objects.Info{}, objects.ErrMissing
	}
	off = max(off, 0)
	if n == 0 {
		return s.nothing(ctx, key)
	}
	var o minio.GetObjectOptions
	if off > 0 || n > 0 {
		o.Set("Range", rangeOf(off, n))
	}
	ctx, cancel := context.WithCancelCause(ctx)
	body, got, header, err := minio.Core{Client: s.client}.GetObject(ctx, s.bucket, key, o)
	if err != nil {
		cancel(nil)
		if minio.ToErrorResponse(err).StatusCode == http.StatusRequestedRangeNotSatisfiable {
			return s.nothing(context.WithoutCancel(ctx), key)
		}
		return nil, objects.Info{}, fmt.Errorf("get %s: %w", key, translate(err))
	}
	info := infoOf(got)
	info.Key = key
	if _, whole, ok := strings.Cut(header.Get("Content-Range"), "/"); ok {
		if info.Size, err = strconv.ParseInt(whole, 10, 64); err != nil {
			cancel(nil)
			return nil, info, fmt.Errorf("get %s: the store answered with the range %q", key, header.Get("Content-Range"))
		}
	}
	return newPatient(ctx, body, cancel), info, nil
}

// nothing is an empty part of an object that must still exist.
func (s *Store) nothing(ctx context.Context, key string) (io.ReadCloser, objects.Info, error) {
	info, err := s.Stat(ctx, key)
	return http.NoBody, info, err
}

func rangeOf(off, n int64) string {
	if n < 0 {
		return fmt.Sprintf("bytes=%d-", off)
	}
	return fmt.Sprintf("bytes=%d-%d", off, off+n-1)
}

// Stat tells of an object without reading it.
func (s *Store) Stat(ctx context.Context, key string) (objects.Info, error) {
	if objects.CheckKey(key) != nil {
		return objects.Info{}, objects.ErrMissing
	}
	o, err := s.client.StatObject(ctx, s.bucket, key, minio.StatObjectOptions{})
	if err != nil {
		return objects.Info{}, fmt.Errorf("stat %s: %w", key, translate(err))
	}
	return infoOf(o), nil
}

func infoOf(o minio.ObjectInfo) objects.Info {
	return objects.Info{Key: o.Key, Size: o.Size, ContentType: o.ContentType, ETag: strings.Trim(o.ETag, `"`), ModTime: o.LastModified.UTC()}
}

// Delete removes an object.
func (s *Store) Delete(ctx context.Context, key string) error {
	if err := objects.CheckKey(key); err != nil {
		return err
	}
	if err := s.client.RemoveObject(ctx, s.bucket, key, minio.RemoveObjectOptions{}); err != nil {
		return fmt.Errorf("delete %s: %w", key, translate(err))
	}
	return nil
}

// List yields the objects below a prefix, by key.
func (s *Store) List(ctx context.Context, prefix string) iter.Seq2[objects.Info, error] {
	return func(yield func(objects.Info, error) bool) {
		ctx, cancel := context.WithCancel(ctx) // ends the library's listing when the caller has enough
		defer cancel()
		for o := range s.client.ListObjects(ctx, s.bucket, minio.ListObjectsOptions{Prefix: prefix, Recursive: true}) {
			if o.Err != nil {
				yield(objects.Info{}, fmt.Errorf("list %s: %w", prefix, translate(o.Err)))
				return
			}
			if !yield(infoOf(o), nil) {
				return
			}
		}
	}
}

// Presign is an address that gives the object to whoever has it. It is made
// here, without asking the store.
func (s *Store) Presign(ctx context.Context, key string, ttl time.Duration) (string, bool, error) {
	if err := objects.CheckKey(key); err != nil {
		return "", false, err
	}
	u, err := s.signer.PresignedGetObject(ctx, s.bucket, key, ttl, nil)
	if err != nil {
		return "", false, fmt.Errorf("presign %s: %w", key, translate(err))
	}
	return u.String(), true, nil
}

// Ping says whether the store answers and holds the bucket, which is made if it may be.
func (s *Store) Ping(ctx context.Context) error {
	// A store that was away when we opened it may have come back without it.
	return s.ensureBucket(ctx)
}

// translate: what the store answers is told apart from a store that does not answer.
func translate(err error) error {
	if err == nil || errors.Is(err, context.Canceled) {
		return err
	}
	if _, known := fault.Of(err); known {
		return err
	}
	answer := minio.ToErrorResponse(err)
	switch {
	case answer.StatusCode == http.StatusNotFound && answer.Code != minio.NoSuchBucket:
		return objects.ErrMissing
	case answer.Code == minio.NoSuchBucket, answer.StatusCode == 0, answer.StatusCode >= 500, answer.StatusCode == http.StatusTooManyRequests:
		return fault.Away(err, 5*time.Second, "The store of files does not answer at the moment. Please try again.")
	}
	return err
}

type counter struct {
	r     io.Reader
	n     int64
	ended bool
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	c.ended = c.ended || errors.Is(err, io.EOF)
	return n, err
}
