// Package page makes HTML of the lessons, for readers without Jupyter: a page
// for each, an index and the glossary, with what the cells showed.
//
// Call [Render]. The pages need no other file and no script; they follow the
// reader's choice of light or dark and fit small screens. The package runs no
// cell: outputs are those that are stored with the lessons.
package page

import (
	"bytes"
	_ "embed"
	"encoding/base64"
	"errors"
	"fmt"
	"html"
	"html/template"
	"io/fs"
	"path"
	"regexp"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"

	"sockbook/kernel/course"
	"sockbook/kernel/notebook"
)

//go:embed style.css
var style string

//go:embed page.html
var pageText string

var pageTemplate = template.Must(template.New("page").Parse(pageText))

// page is what page.html is filled with.
type page struct {
	Title, Lead string
	Style       template.CSS
	Body        template.HTML
	Before      *link // the lessons beside this one
	After       *link
	Index       bool // this is the index
}

type link struct{ Name, File string }

// Render makes the pages of a course, by file name: index.html, glossary.html,
// 10-host-crashed.html and so on.
func Render(c *course.Course) (map[string][]byte, error) {
	files := map[string][]byte{}
	for i, l := range c.Lessons {
		p, err := lessonPage(l)
		if err != nil {
			return nil, fmt.Errorf("lesson %s: %w", l.Name, err)
		}
		if i > 0 {
			p.Before = linkTo(c.Lessons[i-1])
		}
		if i+1 < len(c.Lessons) {
			p.After = linkTo(c.Lessons[i+1])
		}
		if files[l.Name+".html"], err = p.html(); err != nil {
			return nil, err
		}
	}
	var err error
	if files["index.html"], err = indexPage(c).html(); err != nil {
		return nil, err
	}
	glossary, err := fs.ReadFile(c.Files, "GLOSSARY.md")
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return files, nil
	case err != nil:
		return nil, err
	}
	p := &page{Title: "Glossary", Body: markdown(string(glossary))}
	files["glossary.html"], err = p.html()
	return files, err
}

func linkTo(l *course.Lesson) *link { return &link{heading(l), l.Name + ".html"} }

func heading(l *course.Lesson) string { return fmt.Sprintf("%02d %s", l.Number, l.Title) }

func (p *page) html() ([]byte, error) {
	p.Style = template.CSS(style)
	var b bytes.Buffer
	if err := pageTemplate.Execute(&b, p); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func indexPage(c *course.Course) *page {
	var b strings.Builder
	b.WriteString(`<ol class="lessons">` + "\n")
	for _, l := range c.Lessons {
		picture := ""
		if svg, err := l.Read(course.PictureName); err == nil {
			picture = image(string(svg), l.Picture.Alt)
		}
		fmt.Fprintf(&b, "<li><a href=\"%s.html\">\n<h2>%s</h2>\n<p>%s</p>\n%s</a></li>\n", l.Name, html.EscapeString(heading(l)), html.EscapeString(l.Question), picture)
	}
	b.WriteString("</ol>\n")
	return &page{Title: "Sockbook: UNIX network programming", Lead: "Lessons with real sockets, and pictures of what crossed the wire.", Body: template.HTML(b.String()), Index: true}
}

func lessonPage(l *course.Lesson) (*page, error) {
	stored, err := l.Stored()
	if err != nil {
		return nil, err
	}
	var b strings.Builder
	for _, c := range l.Notebook.Cells {
		if !c.IsCode() {
			b.WriteString(string(markdown(c.Source())))
			continue
		}
		b.WriteString(codeCell(l, c, stored[c.ID()]))
	}
	return &page{Title: heading(l), Lead: l.Question, Body: template.HTML(b.String())}, nil
}

// codeCell is a cell, what it showed, and the solution if it is an exercise.
func codeCell(l *course.Lesson, c, ran *notebook.Cell) string {
	var b strings.Builder
	fmt.Fprintf(&b, "<div class=\"cell\" id=\"%s\">\n<pre class=\"code\"><code>%s</code></pre>\n", html.EscapeString(c.ID()), highlight(c.Source()))
	if ran != nil {
		for _, o := range ran.Outputs() {
			alt := ""
			if c.ID() == l.Picture.Cell {
				alt = l.Picture.Alt
			}
			b.WriteString(output(o, alt))
		}
	}
	b.WriteString("</div>\n")
	for _, id := range l.ExerciseIDs() {
		if e := l.Exercises[id]; e.Cell == c.ID() {
			if text, err := e.Solution(); err == nil {
				fmt.Fprintf(&b, "<details><summary>A solution of exercise %s</summary>\n<pre class=\"code\"><code>%s</code></pre>\n</details>\n", id, highlight(strings.TrimRight(text, "\n")))
			}
		}
	}
	return b.String()
}

// colours matches ANSI's SGR sequences (ECMA-48, section 8.3.117).
var colours = regexp.MustCompile("\x1b\\[[0-9;]*m")

func output(o *notebook.Output, alt string) string {
	text := html.EscapeString(strings.TrimRight(colours.ReplaceAllString(o.Text(), ""), "\n"))
	switch {
	case o.Kind() == "error":
		return fmt.Sprintf("<pre class=\"error\">%s</pre>\n", text)
	case o.Data("image/svg+xml") != "":
		svg := o.Data("image/svg+xml")
		if alt == "" {
			alt = described(svg)
		}
		if alt == "" { // a cell's own drawing: the first line of its text
			alt, _, _ = strings.Cut(strings.TrimSpace(o.Text()), "\n")
		}
		return fmt.Sprintf("<figure>%s<details><summary>The picture as text</summary><pre>%s</pre></details></figure>\n", image(svg, alt), text)
	case o.Data("text/html") != "":
		return "<div class=\"shown\">" + o.Data("text/html") + "</div>\n" // our own tables: cells' text is escaped in them
	case o.Data("text/markdown") != "":
		return "<div class=\"shown\">" + string(markdown(o.Data("text/markdown"))) + "</div>\n"
	case text == "":
		return ""
	}
	return fmt.Sprintf("<pre class=\"out\">%s</pre>\n", text)
}

// image is a picture inside the page.
func image(svg, alt string) string {
	return fmt.Sprintf("<img src=\"data:image/svg+xml;base64,%s\" alt=\"%s\">", base64.StdEncoding.EncodeToString([]byte(svg)), html.EscapeString(alt))
}

var described1 = regexp.MustCompile(`(?s)<(title|desc)[^>]*>(.*?)</(?:title|desc)>`)

// described is what a picture says of itself.
func described(svg string) string {
	var words []string
	for _, m := range described1.FindAllStringSubmatch(svg, 2) {
		words = append(words, strings.TrimSuffix(html.UnescapeString(m[2]), "."))
	}
	return strings.Join(words, ". ")
}

var converter = goldmark.New(goldmark.WithExtensions(extension.Table, extension.Strikethrough), goldmark.WithParserOptions(parser.WithAutoHeadingID()))

// href matches links to what stands beside a lesson in the project.
var href = regexp.MustCompile(`href="([^"#:]*)(#[^"]*)?"`)

// markdown makes HTML of Markdown; HTML in it is left out. Links to other
// lessons and to the glossary become links to their pages.
func markdown(text string) template.HTML {
	var b bytes.Buffer
	if err := converter.Convert([]byte(text), &b); err != nil {
		return template.HTML("<pre>" + html.EscapeString(text) + "</pre>")
	}
	linked := href.ReplaceAllStringFunc(b.String(), func(s string) string {
		m := href.FindStringSubmatch(s)
		switch base := path.Base(m[1]); {
		case m[1] == "":
			return s
		case base == "GLOSSARY.md":
			return `href="glossary.html` + strings.ReplaceAll(strings.ToLower(m[2]), "_", "-") + `"` // as headings' ids are here; JupyterLab keeps the case, and _
		case base == "README.md":
			return `href="index.html` + m[2] + `"`
		case base == "lesson.ipynb":
			return `href="` + path.Base(path.Dir(m[1])) + `.html` + m[2] + `"`
		}
		return s
	})
	return template.HTML(linked)
}
