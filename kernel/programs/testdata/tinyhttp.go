// HTTP/1.1 by hand over a TCP socket: a server, then net/http's client asks it.
package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/url"
	"sort"
	"strconv"
	"strings"
)

type Header map[string][]string

func (h Header) Add(k, v string) { h[k] = append(h[k], v) }
func (h Header) Get(k string) string {
	if v := h[k]; len(v) > 0 {
		return v[0]
	}
	return ""
}

func (h Header) WriteTo(w io.Writer) (int64, error) {
	keys := make([]string, 0, len(h))
	for k := range h {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	var total int64
	for _, k := range keys {
		for _, v := range h[k] {
			n, err := fmt.Fprintf(w, "%s: %s\r\n", k, v)
			total += int64(n)
			if err != nil {
				return total, err
			}
		}
	}
	return total, nil
}

type Request struct {
	Method, Path, Proto string
	Query               url.Values
	Header              Header
	Body                []byte
}

type badRequest string

func (b badRequest) Error() string { return "bad request: " + string(b) }

func ReadRequest(r *bufio.Reader) (*Request, error) {
	line, err := r.ReadString('\n')
	if err != nil {
		return nil, err
	}
	parts := strings.Fields(line)
	if len(parts) != 3 {
		return nil, badRequest(strconv.Quote(strings.TrimSpace(line)))
	}
	req := &Request{Method: parts[0], Proto: parts[2], Header: Header{}}
	u, err := url.ParseRequestURI(parts[1])
	if err != nil {
		return nil, badRequest(err.Error())
	}
	req.Path, req.Query = u.Path, u.Query()
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return nil, err
		}
		line = strings.TrimRight(line, "\r\n")
		if line == "" {
			break
		}
		k, v, ok := strings.Cut(line, ":")
		if !ok {
			return nil, badRequest("header " + line)
		}
		req.Header.Add(http.CanonicalHeaderKey(k), strings.TrimSpace(v))
	}
	if n, err := strconv.Atoi(req.Header.Get("Content-Length")); err == nil {
		req.Body = make([]byte, n)
		if _, err := io.ReadFull(r, req.Body); err != nil {
			return nil, err
		}
	}
	return req, nil
}

type HandlerFunc func(*Request) (status int, body string)

type route struct {
	method, prefix string
	h              HandlerFunc
}

type Mux []route

func (m *Mux) Handle(method, prefix string, h HandlerFunc) { *m = append(*m, route{method, prefix, h}) }

func (m Mux) Find(r *Request) HandlerFunc {
	var best *route
	for i := range m {
		rt := &m[i]
		if rt.method == r.Method && strings.HasPrefix(r.Path, rt.prefix) && (best == nil || len(rt.prefix) > len(best.prefix)) {
			best = rt
		}
	}
	if best == nil {
		return func(*Request) (int, string) { return 404, "no route for " + r.Path + "\n" }
	}
	return best.h
}

func (m Mux) serve(c net.Conn) {
	defer c.Close()
	r := bufio.NewReader(c)
	for {
		req, err := ReadRequest(r)
		var bad badRequest
		if errors.As(err, &bad) {
			fmt.Fprintf(c, "HTTP/1.1 400 Bad Request\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s", len(bad), string(bad))
			return
		} else if err != nil {
			return
		}
		status, body := m.Find(req)(req)
		h := Header{"Content-Length": {strconv.Itoa(len(body))}}
		h.Add("Content-Type", "text/plain")
		h.Add("X-Seen", req.Method)
		h.Add("X-Seen", req.Path)
		var buf bytes.Buffer
		fmt.Fprintf(&buf, "HTTP/1.1 %d %s\r\n", status, http.StatusText(status))
		h.WriteTo(&buf)
		buf.WriteString("\r\n" + body)
		if _, err := buf.WriteTo(c); err != nil {
			return
		}
	}
}

func main() {
	var mux Mux
	mux.Handle("GET", "/", func(*Request) (int, string) { return 200, "root\n" })
	mux.Handle("GET", "/hello", func(r *Request) (int, string) {
		name := "world"
		if n := r.Query.Get("name"); n != "" {
			name = n
		}
		return 200, "hello, " + name + "\n"
	})
	count := 0
	mux.Handle("POST", "/count", func(r *Request) (int, string) {
		count += len(r.Body)
		return 201, fmt.Sprintln(count)
	})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	defer l.Close()
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go mux.serve(c)
		}
	}()
	base := "http://" + l.Addr().String()
	show := func(resp *http.Response, err error) {
		if err != nil {
			log.Fatal(err)
		}
		defer resp.Body.Close()
		body, _ := io.ReadAll(resp.Body)
		fmt.Printf("%s %q %v\n", resp.Status, body, resp.Header["X-Seen"])
	}
	show(http.Get(base + "/"))
	show(http.Get(base + "/hello/you?name=J%C3%B6rg"))
	show(http.Post(base+"/count", "text/plain", strings.NewReader("12345")))
	show(http.Post(base+"/count", "text/plain", strings.NewReader("678")))
	show(http.Post(base+"/nowhere", "", nil))
	c, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		log.Fatal(err)
	}
	io.WriteString(c, "GARBAGE\r\n\r\n")
	answer, _ := io.ReadAll(c)
	fmt.Printf("%q\n", answer)
}
