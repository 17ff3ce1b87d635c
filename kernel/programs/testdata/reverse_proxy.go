// A reverse proxy over several backends, once by httputil, once by hand.
package main

import (
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
)

type backend struct {
	name string
	*httptest.Server
}

func newBackend(name string) backend {
	h := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Backend", name)
		body, _ := io.ReadAll(r.Body)
		fmt.Fprintf(w, "%s %s %s via=%q body=%q", name, r.Method, r.URL.RequestURI(), r.Header.Get("Via"), body)
	}
	return backend{name, httptest.NewServer(http.HandlerFunc(h))}
}

// Picker chooses a backend.
type Picker interface {
	Pick(*http.Request) (*url.URL, error)
}

var ErrNoBackend = errors.New("no backend")

type byPrefix map[string]*url.URL

func (p byPrefix) Pick(r *http.Request) (*url.URL, error) {
	for prefix, u := range p {
		if strings.HasPrefix(r.URL.Path, prefix) {
			return u, nil
		}
	}
	return nil, fmt.Errorf("%w for %s", ErrNoBackend, r.URL.Path)
}

type roundRobin struct {
	mu   sync.Mutex
	urls []*url.URL
	i    int
}

func (p *roundRobin) Pick(*http.Request) (*url.URL, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.urls) == 0 {
		return nil, ErrNoBackend
	}
	u := p.urls[p.i%len(p.urls)]
	p.i++
	return u, nil
}

// Proxy copies requests and answers by hand.
type Proxy struct {
	Picker
	Client *http.Client
}

var hopByHop = map[string]bool{"Connection": true, "Keep-Alive": true, "Te": true, "Upgrade": true}

func (p *Proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	target, err := p.Pick(r)
	if errors.Is(err, ErrNoBackend) {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	u := target.JoinPath(r.URL.Path)
	u.RawQuery = r.URL.RawQuery
	out, err := http.NewRequestWithContext(r.Context(), r.Method, u.String(), r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	for k, vs := range r.Header {
		if !hopByHop[k] {
			out.Header[k] = append([]string(nil), vs...)
		}
	}
	out.Header.Add("Via", "1.1 learner")
	resp, err := p.Client.Do(out)
	if err != nil {
		http.Error(w, "backend failed", http.StatusBadGateway)
		return
	}
	defer resp.Body.Close()
	for k, vs := range resp.Header {
		for _, v := range vs {
			w.Header().Add(k, v)
		}
	}
	w.WriteHeader(resp.StatusCode)
	io.Copy(w, resp.Body)
}

func must[T any](v T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return v
}

func ask(base, method, path, body string) {
	req := must(http.NewRequest(method, base+path, strings.NewReader(body)))
	resp := must(http.DefaultClient.Do(req))
	defer resp.Body.Close()
	text := must(io.ReadAll(resp.Body))
	fmt.Printf("%d [%s] %s\n", resp.StatusCode, resp.Header.Get("X-Backend"), strings.TrimSpace(string(text)))
}

func main() {
	a, b := newBackend("a"), newBackend("b")
	defer a.Close()
	defer b.Close()
	ua, ub := must(url.Parse(a.URL)), must(url.Parse(b.URL))

	rr := httptest.NewServer(&Proxy{&roundRobin{urls: []*url.URL{ua, ub}}, http.DefaultClient})
	for i := range 4 {
		ask(rr.URL, "GET", fmt.Sprintf("/page/%d?x=y", i), "")
	}
	rr.Close()

	pp := httptest.NewServer(&Proxy{Picker: byPrefix{"/a/": ua, "/b/": ub}, Client: http.DefaultClient})
	ask(pp.URL, "POST", "/b/form", "some data")
	ask(pp.URL, "GET", "/c/", "")
	pp.Close()

	std := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(ub)
			r.Out.Header.Set("Via", "std")
		},
		ModifyResponse: func(r *http.Response) error {
			r.Header.Set("X-Backend", strings.ToUpper(r.Header.Get("X-Backend")))
			if strings.HasSuffix(r.Request.URL.Path, "/bad") {
				return errors.New("bad page")
			}
			return nil
		},
		ErrorHandler: func(w http.ResponseWriter, r *http.Request, err error) {
			w.WriteHeader(http.StatusTeapot)
			fmt.Fprintln(w, "proxy says:", err)
		},
	}
	sp := httptest.NewServer(std)
	defer sp.Close()
	ask(sp.URL, "PUT", "/x", "1")
	ask(sp.URL, "GET", "/bad", "")

	empty := &Proxy{Picker: &roundRobin{}}
	rec := httptest.NewRecorder()
	empty.ServeHTTP(rec, httptest.NewRequest("GET", "/", nil))
	fmt.Print(rec.Code, " ", rec.Body.String())
}
