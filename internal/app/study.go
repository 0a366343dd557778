package app

import (
	"time"

	"github.com/hourglass-lms/hourglass/internal/config"
	"github.com/hourglass-lms/hourglass/internal/learning/learningdb"
	"github.com/hourglass-lms/hourglass/internal/media/mediadb"
	"github.com/hourglass-lms/hourglass/internal/study"
	"github.com/hourglass-lms/hourglass/internal/study/engine"
	"github.com/hourglass-lms/hourglass/internal/study/studydb"
	"github.com/hourglass-lms/hourglass/internal/study/studyredis"
)

// addStudy plugs the heart in: what completes a lesson completes it in the
// transaction of its evidence.
func (a *App) addStudy(learning *learningdb.Store) error {
	keys := make([]study.Key, len(a.cfg.SecretKeys))
	for i, k := range a.cfg.SecretKeys {
		keys[i] = study.Key{ID: k.ID, Secret: k.Key}
	}
	signing, err := study.NewKeys(keys...)
	if err != nil {
		return &config.Error{Name: config.Prefix + "SECRET_KEYS", Why: err.Error()}
	}
	presence := a.cfg.Presence
	policy := study.Policy{ChecksPerHour: presence.PerHour, CheckGap: presence.Gap, CheckWindow: presence.Window}.OrDefaults()
	db := a.parts.db
	e := engine.New(engine.Options{
		Hot: studyredis.New(a.parts.redis, policy), Evidence: studydb.New(db, learning.CompleteLesson), Keys: signing, Policy: policy,
		Manifest: mediadb.New(db, time.Now).Manifest, Logger: a.log,
	})
	a.domains.services.Study = e
	a.domains.closers = append(a.domains.closers, e.Stop)
	return nil
}
