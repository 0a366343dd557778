package studydb

import (
	"context"

	"github.com/hourglass-lms/hourglass/internal/study"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// VerifyIn verifies all, as a transaction sees it that the test undoes.
func VerifyIn(ctx context.Context, q pg.Querier, p study.Policy) (f Findings, err error) {
	_, _, err = verifySome(ctx, q, -1, 1<<40, p, &f)
	return f, err
}
