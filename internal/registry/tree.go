package registry

import (
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Checkpoint is the signed head of the ledger (C2SP tlog-checkpoint).
type Checkpoint struct {
	Origin string
	Size   int64
	Root   tlog.Hash
	Note   string // the signed note
	Key    string // the verifier key
}

// Proof shows that an entry stands in the ledger of a size (RFC 6962, 2.1.1).
type Proof struct {
	Index int64
	Size  int64
	Leaf  tlog.Hash
	Path  tlog.RecordProof
}

// Signer signs checkpoints.
type Signer struct {
	signer note.Signer
	key    string
}

// NewSigner reads a secret key as `hourglass ledger key` makes it
// (PRIVATE+KEY+name+hash+data, golang.org/x/mod/sumdb/note).
func NewSigner(secret string) (*Signer, error) {
	s, err := note.NewSigner(secret)
	if err != nil {
		return nil, errors.New("it is not a signing key; make one with `hourglass ledger key`")
	}
	parts := strings.SplitN(strings.TrimPrefix(secret, "PRIVATE+KEY+"), "+", 3)
	data, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || len(data) != 1+ed25519.SeedSize {
		return nil, errors.New("it is not an Ed25519 signing key")
	}
	public := ed25519.NewKeyFromSeed(data[1:]).Public().(ed25519.PublicKey)
	key, err := note.NewEd25519VerifierKey(s.Name(), public)
	if err != nil {
		return nil, fmt.Errorf("verifier key: %w", err)
	}
	return &Signer{s, key}, nil
}

// Sign makes the checkpoint of a tree.
func (s *Signer) Sign(size int64, root tlog.Hash) (Checkpoint, error) {
	text := fmt.Sprintf("%s\n%d\n%s\n", s.signer.Name(), size, root)
	signed, err := note.Sign(&note.Note{Text: text}, s.signer)
	if err != nil {
		return Checkpoint{}, fmt.Errorf("sign checkpoint: %w", err)
	}
	return Checkpoint{Origin: s.signer.Name(), Size: size, Root: root, Note: string(signed), Key: s.key}, nil
}

// Holds checks a proof against a tree's head.
func (p Proof) Holds(root tlog.Hash) bool {
	return tlog.CheckRecord(p.Path, p.Size, root, p.Index, p.Leaf) == nil
}
