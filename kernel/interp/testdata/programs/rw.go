package main

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"text/template"
)

type rot13 struct{ r io.Reader }

func (r rot13) Read(p []byte) (int, error) {
	n, err := r.r.Read(p)
	for i := range p[:n] {
		c := p[i]
		switch {
		case 'a' <= c && c <= 'z':
			p[i] = 'a' + (c-'a'+13)%26
		case 'A' <= c && c <= 'Z':
			p[i] = 'A' + (c-'A'+13)%26
		}
	}
	return n, err
}

type countWriter struct {
	io.Writer
	n int64
}

func (c *countWriter) Write(p []byte) (n int, err error) {
	n, err = c.Writer.Write(p)
	c.n += int64(n)
	return
}

type frame []byte

func (f frame) WriteTo(w io.Writer) (int64, error) {
	var hdr [4]byte
	binary.BigEndian.PutUint32(hdr[:], uint32(len(f)))
	n, err := w.Write(hdr[:])
	if err != nil {
		return int64(n), err
	}
	m, err := w.Write(f)
	return int64(n + m), err
}

func readFrame(r io.Reader) (frame, error) {
	var hdr [4]byte
	if _, err := io.ReadFull(r, hdr[:]); err != nil {
		return nil, err
	}
	n := binary.BigEndian.Uint32(hdr[:])
	if n > 1<<20 {
		return nil, fmt.Errorf("frame of %d bytes", n)
	}
	f := make(frame, n)
	_, err := io.ReadFull(r, f)
	return f, err
}

type temp float64

func (t temp) String() string { return fmt.Sprintf("%.1f°", float64(t)) }
func (t temp) MarshalJSON() ([]byte, error) {
	return []byte(`"` + t.String() + `"`), nil
}
func (t *temp) UnmarshalText(b []byte) error {
	_, err := fmt.Sscanf(string(b), "%f", (*float64)(t))
	return err
}

type station struct {
	Name  string
	Temps []temp
	Meta  map[string]temp `json:"meta,omitempty"`
	Next  *station        `json:",omitempty"`
	inner struct{ a, b int }
}

func split(data []byte, atEOF bool) (int, []byte, error) {
	if i := bytes.IndexByte(data, ';'); i >= 0 {
		return i + 1, data[:i], nil
	}
	if atEOF && len(data) > 0 {
		return len(data), data, nil
	}
	return 0, nil, nil
}

func main() {
	io.Copy(os.Stdout, rot13{strings.NewReader("Uryyb, Jbeyq!\n")})
	var buf bytes.Buffer
	cw := &countWriter{Writer: &buf}
	fmt.Fprintf(cw, "%d-%s", 42, "x")
	frame("hello").WriteTo(cw)
	fmt.Println(cw.n, buf.Len(), hex.EncodeToString(buf.Bytes()))
	buf.Next(4)
	f, err := readFrame(&buf)
	fmt.Println(string(f), err)
	_, err = readFrame(&buf)
	fmt.Println(err, err == io.EOF)
	_, err = readFrame(strings.NewReader("\xff\xff\xff\xff"))
	fmt.Println(err)
	st := station{Name: "n", Temps: []temp{1, 2.5}, Meta: map[string]temp{"a": 3}, Next: &station{Name: "m"}}
	b, err := json.Marshal(st)
	fmt.Println(string(b), err)
	fmt.Printf("%v\n%+v\n", st.Temps, st.Meta)
	fmt.Println(st.Temps, st.inner)
	var back struct {
		Name string
		T    temp
		Rest map[string]any `json:"rest"`
	}
	err = json.Unmarshal([]byte(`{"Name":"z","T":"4.5","rest":{"k":[1,"a",null]}}`), &back)
	fmt.Println(back.Name, float64(back.T), back.Rest, err)
	sc := bufio.NewScanner(strings.NewReader("a;bc;d"))
	sc.Split(split)
	for sc.Scan() {
		fmt.Print(sc.Text(), "|")
	}
	fmt.Println()
	h := crc32.NewIEEE()
	io.WriteString(io.MultiWriter(h, io.Discard), "crc")
	fmt.Printf("%08x\n", h.Sum32())
	tw := tabwriter.NewWriter(os.Stdout, 0, 8, 1, ' ', 0)
	fmt.Fprintln(tw, "a\tb\tc")
	fmt.Fprintln(tw, "aaa\tbbb\tc")
	tw.Flush()
	t := template.Must(template.New("x").Funcs(template.FuncMap{"up": strings.ToUpper, "half": func(t temp) (temp, error) { return t / 2, nil }}).Parse("{{range .Temps}}{{.}} {{half .}} {{end}}{{up .Name}} {{.Next.Name}}\n"))
	if err := t.Execute(os.Stdout, st); err != nil {
		fmt.Println(err)
	}
	pr, pw := io.Pipe()
	go func() {
		defer pw.Close()
		for i := 0; i < 3; i++ {
			fmt.Fprintln(pw, "line", i)
		}
	}()
	br := bufio.NewReader(io.TeeReader(pr, io.Discard))
	for {
		s, err := br.ReadString('\n')
		if err != nil {
			fmt.Println(err)
			break
		}
		fmt.Print(s)
	}
	var rw io.ReadWriter = struct {
		io.Reader
		io.Writer
	}{strings.NewReader("in"), &buf}
	x, _ := io.ReadAll(rw)
	fmt.Fprint(rw, "out")
	fmt.Println(string(x), buf.String())
}
