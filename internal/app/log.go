// Package app puts the product together: settings in, a running program out.
// It is the only package that knows every concrete type.
package app

import (
	"io"
	"log/slog"

	"github.com/hourglass-lms/hourglass/internal/config"
)

// Logger writes structured lines to w, as the settings say.
func Logger(w io.Writer, c *config.Config) *slog.Logger {
	o := &slog.HandlerOptions{Level: c.LogLevel}
	if c.LogFormat == "text" {
		return slog.New(slog.NewTextHandler(w, o))
	}
	return slog.New(slog.NewJSONHandler(w, o))
}
