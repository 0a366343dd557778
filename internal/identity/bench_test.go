package identity_test

import (
	"context"
	"testing"
	"time"

	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/identity/identitydb"
	"github.com/hourglass-lms/hourglass/storage/pg/pgtest"
)

// BenchmarkSignIn prints the share of a sign-in that is argon2id at the real cost.
func BenchmarkSignIn(b *testing.B) {
	ctx := context.Background()
	accounts := identity.NewAccounts(identity.Options{Store: identitydb.New(pgtest.New(b))})
	if _, err := accounts.Open(ctx, liLei); err != nil {
		b.Fatal(err)
	}
	h := identity.NewHasher(identity.HashCost{})
	stored, err := h.Hash(ctx, liLei.Password)
	if err != nil {
		b.Fatal(err)
	}
	var hashing time.Duration
	b.ResetTimer()
	for range b.N {
		start := time.Now()
		if _, err := h.Matches(ctx, liLei.Password, stored); err != nil {
			b.Fatal(err)
		}
		hashing += time.Since(start)
		if _, err := accounts.SignIn(ctx, liLei.Email, liLei.Password, office); err != nil {
			b.Fatal(err)
		}
	}
	whole := b.Elapsed() - hashing
	b.ReportMetric(100*hashing.Seconds()/whole.Seconds(), "%argon2id")
	b.ReportMetric(whole.Seconds()*1000/float64(b.N), "ms/sign-in")
}
