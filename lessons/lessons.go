// Package lessons holds what comes with Sockbook to learn from, one folder a
// lesson: [Files] is all of it, [Handout] what learners get a copy of, [Checks]
// the hidden checks of exercises. What a file means is package course's to say.
package lessons

import (
	"embed"
	"io/fs"
)

//go:generate go run ../kernel/cmd/sockbook lessons index --dir .

//go:embed */lesson.ipynb */lesson.json */expected.txt */stored.ipynb */picture.svg */solutions */wrong *.md
var files embed.FS

//go:embed */lesson.ipynb */picture.svg *.md
var handout embed.FS

// First is the notebook to open first, a path in Files.
const First = "00-start/lesson.ipynb"

// Files are the lessons with their solutions and what their cells show.
func Files() fs.FS { return files }

// Handout is what a learner gets: the notebooks, the index with its pictures,
// and the glossary.
func Handout() fs.FS { return handout }
