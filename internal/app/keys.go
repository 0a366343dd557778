package app

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/mod/sumdb/note"

	"github.com/hourglass-lms/hourglass/internal/config"
	"github.com/hourglass-lms/hourglass/internal/linktoken"
)

// demoKeys are the secrets a demonstration makes for itself and keeps.
type demoKeys struct {
	SecretKeys string `json:"secret_keys"`
	LedgerKey  string `json:"ledger_key"`
}

// NewLedgerKey makes a key that signs checkpoints of the register: the secret
// half for HOURGLASS_LEDGER_KEY, and the public one for whoever checks them.
func NewLedgerKey(name string) (secret, public string, err error) {
	return note.GenerateKey(rand.Reader, name)
}

// keysIn reads the keys of a folder, or makes them once.
func keysIn(dir string) (k demoKeys, err error) {
	name := filepath.Join(dir, "keys.json")
	data, err := os.ReadFile(name)
	if err == nil {
		if err := json.Unmarshal(data, &k); err != nil {
			return k, fmt.Errorf("%s: %w", name, err)
		}
		return k, nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return k, err
	}
	var secret [32]byte
	_, _ = rand.Read(secret[:]) // never fails: crypto/rand ends the program instead
	k.SecretKeys = "demo:" + base64.StdEncoding.EncodeToString(secret[:])
	if k.LedgerKey, _, err = NewLedgerKey("hourglass.example/demo"); err != nil {
		return k, fmt.Errorf("make the register's key: %w", err)
	}
	if data, err = json.Marshal(k); err != nil {
		return k, err
	}
	return k, os.WriteFile(name, data, 0o600)
}

// linkKeys make the proofs that links in mails carry.
func linkKeys(c *config.Config) (*linktoken.Keys, error) {
	secrets := make([][]byte, len(c.SecretKeys))
	for i, k := range c.SecretKeys {
		secrets[i] = k.Key
	}
	return linktoken.New(secrets...)
}
