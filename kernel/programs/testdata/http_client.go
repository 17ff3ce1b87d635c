// An HTTP client with its own RoundTrippers: one counts, one retries, one adds
// a header, one answers from memory.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync/atomic"
	"time"
)

type roundTripperFunc func(*http.Request) (*http.Response, error)

func (f roundTripperFunc) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

type counting struct {
	next http.RoundTripper
	n    atomic.Int64
}

func (c *counting) RoundTrip(r *http.Request) (*http.Response, error) {
	c.n.Add(1)
	return c.next.RoundTrip(r)
}

type retry struct {
	http.RoundTripper
	max int
}

var errGaveUp = errors.New("gave up")

func (t retry) RoundTrip(r *http.Request) (resp *http.Response, err error) {
	for i := range t.max {
		resp, err = t.RoundTripper.RoundTrip(r.Clone(r.Context()))
		if err == nil && resp.StatusCode < 500 {
			return resp, nil
		}
		if resp != nil {
			fmt.Printf("  try %d: %s\n", i+1, resp.Status)
			resp.Body.Close()
		}
	}
	return nil, errGaveUp
}

type header struct {
	key, value string
	next       http.RoundTripper
}

func (h header) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set(h.key, h.value)
	return h.next.RoundTrip(r)
}

type weather struct {
	City string  `json:"city"`
	Temp float64 `json:"temp"`
	Wind *int    `json:"wind"`
	Tags []string
}

func main() {
	var calls atomic.Int32
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/flaky":
			if calls.Add(1)%3 != 0 {
				http.Error(w, "try again", http.StatusServiceUnavailable)
				return
			}
			fmt.Fprintf(w, "ok for %s", r.Header.Get("X-Client"))
		case "/down":
			w.WriteHeader(500)
		case "/json":
			w.Header().Set("Content-Type", "application/json")
			io.WriteString(w, `{"city":"Wien","temp":-3.5,"wind":12,"Tags":["cold","dry"]}`)
		case "/redirect":
			http.Redirect(w, r, "/json", http.StatusFound)
		case "/slow":
			<-r.Context().Done()
		case "/form":
			if err := r.ParseForm(); err != nil {
				http.Error(w, err.Error(), 400)
				return
			}
			fmt.Fprintf(w, "%s=%v", "a", r.Form["a"])
		}
	}))
	defer srv.Close()

	count := &counting{next: http.DefaultTransport}
	client := &http.Client{Transport: retry{header{"X-Client", "learner", count}, 3}}

	get := func(path string) {
		resp, err := client.Get(srv.URL + path)
		if err != nil {
			var ue *url.Error
			fmt.Println("error:", errors.As(err, &ue), errors.Is(err, errGaveUp), ue.Op, ue.Err)
			return
		}
		defer resp.Body.Close()
		body, _ := io.ReadAll(resp.Body)
		fmt.Println(resp.StatusCode, string(body), resp.Request.URL.Path)
	}
	get("/flaky")
	get("/down")
	get("/redirect")
	fmt.Println("requests sent:", count.n.Load())

	resp, err := client.Get(srv.URL + "/json")
	if err != nil {
		log.Fatal(err)
	}
	var w weather
	err = json.NewDecoder(resp.Body).Decode(&w)
	resp.Body.Close()
	fmt.Println(w.City, w.Temp, *w.Wind, w.Tags, err)

	resp, err = client.PostForm(srv.URL+"/form", url.Values{"a": {"1", "2"}})
	if err != nil {
		log.Fatal(err)
	}
	body, _ := io.ReadAll(resp.Body)
	resp.Body.Close()
	fmt.Printf("%s\n", body)

	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	req, _ := http.NewRequestWithContext(ctx, http.MethodGet, srv.URL+"/slow", nil)
	_, err = http.DefaultClient.Do(req)
	fmt.Println("slow:", errors.Is(err, context.DeadlineExceeded))

	client.CheckRedirect = func(req *http.Request, via []*http.Request) error {
		fmt.Println("redirect to", req.URL.Path, "after", len(via))
		return http.ErrUseLastResponse
	}
	resp, err = client.Get(srv.URL + "/redirect")
	fmt.Println(resp.StatusCode, resp.Header.Get("Location"), err)
	resp.Body.Close()

	fake := &http.Client{Transport: roundTripperFunc(func(r *http.Request) (*http.Response, error) {
		text := r.Method + " " + r.URL.String()
		return &http.Response{StatusCode: 418, Status: "418 teapot", Request: r, Header: http.Header{}, Body: io.NopCloser(bytes.NewBufferString(text))}, nil
	})}
	resp, err = fake.Head("http://no.such.host/pot?x=1")
	if err != nil {
		log.Fatal(err)
	}
	b, _ := io.ReadAll(resp.Body)
	fmt.Println(resp.Status, string(b))
}
