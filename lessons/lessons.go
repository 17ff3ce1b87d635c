// Package lessons holds the notebooks that come with Sockbook, one folder a
// lesson. [Files] is all there is; who gets them and where is not decided here.
package lessons

import (
	"embed"
	"io/fs"
)

//go:embed */*.ipynb
var files embed.FS

// First is the notebook to open first, a path in Files.
const First = "00-start/lesson.ipynb"

// Files are the lessons' notebooks.
func Files() fs.FS { return files }
