//go:build conformance

package s3_test

import (
	"testing"

	"github.com/hourglass-lms/hourglass/storage/objects/objectstest"
)

func TestConformanceOnVersity(t *testing.T) {
	t.Parallel()
	objectstest.Suite(t, objectstest.Versity(t).Open(t))
}
