package catalogdb

import (
	"context"
	"strconv"

	"github.com/hourglass-lms/hourglass/internal/catalog"
	"github.com/hourglass-lms/hourglass/internal/notify"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// tellDecision tells whoever submitted a version what became of it.
func (s *Store) tellDecision(ctx context.Context, tx *pg.Tx, v catalog.Version, d catalog.Decision) error {
	if s.tell == nil || v.SubmittedBy == nil {
		return nil
	}
	// Once a decision: a version may be returned more than once, each time at another revision.
	n := notify.Notice{
		Kind: notify.CourseReturned, Person: v.SubmittedBy.ID, Path: "/workspace/courses/" + v.CourseID.String(),
		Once:  v.VersionID.String() + "/" + strconv.FormatInt(v.Revision, 10),
		Facts: map[string]string{"course_zh": v.Fields.Title.Zh, "course_en": v.Fields.Title.En, "reason": d.Reason},
	}
	if d.Approve {
		n.Kind, n.Path = notify.CoursePublished, "/courses/"+v.CourseID.String()
		n.Facts["hours"] = strconv.FormatFloat(d.Hours, 'f', -1, 64)
	}
	return s.tell.Send(ctx, tx, n)
}
