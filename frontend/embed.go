// Package frontend holds the built web application.
package frontend

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var files embed.FS

// Dist is what `npm run build` made; only a placeholder when it never ran.
func Dist() fs.FS {
	dist, err := fs.Sub(files, "dist")
	if err != nil {
		panic(err) // the folder is part of the program
	}
	return dist
}
