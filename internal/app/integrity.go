package app

import (
	"time"

	"github.com/hourglass-lms/hourglass/internal/audit/auditdb"
	"github.com/hourglass-lms/hourglass/internal/integrity"
	"github.com/hourglass-lms/hourglass/internal/integrity/integritydb"
	"github.com/hourglass-lms/hourglass/internal/integrity/integrityjob"
	"github.com/hourglass-lms/hourglass/internal/study/studydb"
)

func (a *App) flags() *integritydb.Store {
	return integritydb.New(a.parts.db, integritydb.Options{Trail: auditdb.Append, Tell: a.notices(), Policy: integrity.Policy{SteadySpread: a.cfg.EvenBeats}, Now: time.Now})
}

// sweeper examines sessions that have ended.
func (a *App) sweeper() integrityjob.Sweeper {
	return integrityjob.Sweeper{Store: a.flags(), Evidence: studydb.New(a.parts.db, nil).Evidence, Logger: a.log}
}
