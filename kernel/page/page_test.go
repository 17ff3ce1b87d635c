package page

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/net/html"

	"sockbook/kernel/course"
	"sockbook/lessons"
)

func TestHighlight(t *testing.T) {
	tests := []struct{ text, want string }{
		{"", ""},
		{"%%on a\nx := `<b>`\n%ps", "<span class=\"d\">%%on a\n</span>x := <span class=\"s\">`&lt;b&gt;`</span>\n<span class=\"d\">%ps</span>"},
		{"func f() { return 1 } // c", "<span class=\"k\">func</span> f() { <span class=\"k\">return</span> <span class=\"n\">1</span> } <span class=\"c\">// c</span>"},
		{"x := \"not closed\ny", "x := <span class=\"s\">&#34;not closed</span>\ny"},
		{"héé := 'é'", "héé := <span class=\"s\">&#39;é&#39;</span>"},
		{"a\r\nb // \r\nc", "a\r\nb <span class=\"c\">// </span>\r\nc"},
	}
	for _, test := range tests {
		if got := highlight(test.text); got != test.want {
			t.Errorf("%q: %s, want %s", test.text, got, test.want)
		}
	}
}

func FuzzHighlight(f *testing.F) {
	for _, seed := range []string{"%%on a\nx := `<b>`\n%ps", "/* \r */ 'a", "\x00\"", "\ufeffx"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var plain strings.Builder
		z := html.NewTokenizer(strings.NewReader("<pre>x" + highlight(text) + "</pre>"))
		for z.Next() != html.ErrorToken {
			if tok := z.Token(); tok.Type == html.TextToken {
				plain.WriteString(tok.Data)
			}
		}
		// The tokenizer, as browsers do, makes \r a \n and NUL a replacement.
		same := func(s string) string {
			return strings.NewReplacer("\r\n", "\n", "\r", "\n", "\x00", "", "\ufffd", "").Replace(s)
		}
		if got := strings.TrimPrefix(plain.String(), "x"); strings.ToValidUTF8(same(got), "") != strings.ToValidUTF8(same(text), "") {
			t.Errorf("%q became %q", text, got)
		}
	})
}

func TestLinks(t *testing.T) {
	tests := []struct{ text, want string }{
		{"[a](../GLOSSARY.md#back-log)", `href="glossary.html#back-log"`},
		{"[a](../GLOSSARY.md#TIME_WAIT)", `href="glossary.html#time-wait"`},
		{"[a](../05-listen/lesson.ipynb)", `href="05-listen.html"`},
		{"[a](../README.md)", `href="index.html"`},
		{"[a](https://x.example/GLOSSARY.md)", `href="https://x.example/GLOSSARY.md"`},
		{"[a](#here)", `href="#here"`},
		{"### accept queue", `id="accept-queue"`},
		{"<script>alert(1)</script>", "<!-- raw HTML omitted -->"},
	}
	for _, test := range tests {
		if got := string(markdown(test.text)); !strings.Contains(got, test.want) {
			t.Errorf("%s: %s, want %s", test.text, got, test.want)
		}
	}
}

// TestRender makes the pages of the lessons and looks at them as a reader's
// program would: every link goes somewhere, every picture has a text.
func TestRender(t *testing.T) {
	c, err := course.Load(lessons.Files())
	if err != nil {
		t.Fatal(err)
	}
	files, err := Render(c)
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != len(c.Lessons)+2 {
		t.Errorf("%d pages of %d lessons", len(files), len(c.Lessons))
	}
	ids := map[string]map[string]bool{}
	for name, text := range files {
		ids[name] = map[string]bool{}
		each(t, string(text), func(_ string, attr map[string]string) { ids[name][attr["id"]] = true })
	}
	for name, text := range files {
		each(t, string(text), func(tag string, attr map[string]string) {
			switch tag {
			case "img":
				if attr["alt"] == "" || !strings.HasPrefix(attr["src"], "data:image/svg+xml;base64,") {
					t.Errorf("%s: a picture without text, or outside: %.60s", name, attr["src"])
				}
			case "script", "link", "iframe":
				t.Errorf("%s has a <%s>", name, tag)
			case "a":
				file, anchor, _ := strings.Cut(attr["href"], "#")
				if file == "" {
					file = name
				}
				if strings.Contains(attr["href"], "://") {
					return
				}
				if ids[file] == nil || anchor != "" && !ids[file][anchor] {
					t.Errorf("%s: a link to %s, which is not there", name, attr["href"])
				}
			}
		})
	}
	if dir := os.Getenv("SOCKBOOK_SHOTS"); dir != "" {
		for name, text := range files {
			if err := os.WriteFile(dir+"/"+name, text, 0o644); err != nil {
				t.Error(err)
			}
		}
	}
}

// each calls f for every element of a page.
func each(t *testing.T, text string, f func(tag string, attr map[string]string)) {
	t.Helper()
	z := html.NewTokenizer(strings.NewReader(text))
	for z.Next() != html.ErrorToken {
		tok := z.Token()
		if tok.Type != html.StartTagToken && tok.Type != html.SelfClosingTagToken {
			continue
		}
		attr := map[string]string{}
		for _, a := range tok.Attr {
			attr[a.Key] = a.Val
		}
		f(tok.Data, attr)
	}
}

func TestRenderRefuses(t *testing.T) {
	c := &course.Course{Files: fstest.MapFS{}}
	if files, err := Render(c); err != nil || len(files) != 1 || !strings.Contains(string(files["index.html"]), "<h1>") {
		t.Errorf("no lessons: %v, %v", files, err)
	}
}
