package app

import (
	"context"
	"log/slog"

	"github.com/hourglass-lms/hourglass/internal/config"
	"github.com/hourglass-lms/hourglass/storage/pg"
	"github.com/hourglass-lms/hourglass/storage/vault"
)

// sealedColumns are all that hold sealed bytes; a rotation seals them anew. A
// test walks the schema for columns named sealed or …_sealed that are missing.
var sealedColumns = []vault.Column{
	{Table: "identity_documents", Key: "person_id", Sealed: "sealed", Purpose: "'identity:' || person_id"},
	{Table: "totp_factors", Key: "person_id", Sealed: "sealed", Purpose: "'totp:' || person_id"},
	{Table: "merge_requests", Key: "id", Sealed: "sealed", Purpose: "'merge:' || id"},
	{Table: "sign_in_providers", Key: "org_id", Sealed: "secret_sealed", Purpose: "'oidc-secret:' || org_id"},
}

// openVault opens what is sealed in the database with the secrets of the settings.
func openVault(ctx context.Context, c *config.Config, db *pg.DB) (*vault.Vault, error) {
	secrets := make([][]byte, len(c.SecretKeys))
	for i, k := range c.SecretKeys {
		secrets[i] = k.Key
	}
	return vault.Open(ctx, db, secrets...)
}

// RotateKeys seals everything anew under a new data key and the first secret.
func RotateKeys(ctx context.Context, c *config.Config, log *slog.Logger, resume bool) (r vault.Rotation, err error) {
	db, err := pg.Open(ctx, pg.Options{URL: c.DatabaseURL, MaxConns: 4, Logger: log})
	if err != nil {
		return r, &config.Error{Name: config.Prefix + "DATABASE_URL", Why: err.Error()}
	}
	defer db.Close()
	v, err := openVault(ctx, c, db)
	if err != nil {
		return r, err
	}
	return v.Rotate(ctx, sealedColumns, resume, func(column string, rows int) {
		log.InfoContext(ctx, "sealed anew", "column", column, "rows", rows)
	})
}
