// Closures given to compiled functions have the loop's variable of their pass.
package main

import (
	"fmt"
	"sort"
	"sync"
	"time"
)

func main() {
	var wg sync.WaitGroup
	out := make([]int, 8)
	for i := range out {
		wg.Go(func() { out[i] = i * i })
	}
	wg.Wait()
	fmt.Println(out)
	var mu sync.Mutex
	var names []string
	for i, p := range []struct{ name string }{{"a"}, {"b"}, {"c"}} {
		v := i * 2
		wg.Add(1)
		time.AfterFunc(time.Millisecond, func() {
			defer wg.Done()
			mu.Lock()
			names = append(names, fmt.Sprint(p.name, i, v))
			mu.Unlock()
		})
	}
	wg.Wait()
	sort.Strings(names)
	fmt.Println(names)
}
