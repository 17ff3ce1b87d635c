// Every loop has its own variable in each pass.
package main

import (
	"fmt"
	"sync"
)

func main() {
	var fs []func() int
	for i := 0; i < 3; i++ {
		fs = append(fs, func() int { i += 100; return i })
	}
	for i, j := 0, 10; i < j; i, j = i+3, j-3 {
		fs = append(fs, func() int { return i*100 + j })
	}
	for i := range 2 {
		p := &i
		fs = append(fs, func() int { *p++; return *p })
	}
	for k, v := range map[string]int{"a": 7} {
		fs = append(fs, func() int { return len(k) + v })
	}
	for i := 0; i < 6; i++ {
		i := i
		if i%2 == 0 {
			fs = append(fs, func() int { return -i })
		}
		i++
	}
	for _, f := range fs {
		fmt.Print(f(), " ")
	}
	fmt.Println()
	var ptrs []*int
	for i := 0; i < 4; i++ {
		ptrs = append(ptrs, &i)
		if i == 1 {
			i++
		}
	}
	for _, p := range ptrs {
		fmt.Print(*p, " ")
	}
	fmt.Println()
	var wg sync.WaitGroup
	res := make([]int, 5)
	for i := range res {
		wg.Add(1)
		go func() { defer wg.Done(); res[i] = i * i }()
	}
	wg.Wait()
	fmt.Println(res)
}
