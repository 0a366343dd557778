package app

import (
	"time"

	"github.com/hourglass-lms/hourglass/internal/audit/auditdb"
)

// addTrail lets the audit trail be read.
func (a *App) addTrail() { a.domains.services.Trail = auditdb.New(a.parts.db, time.Now) }
