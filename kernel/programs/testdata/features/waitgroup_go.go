// Sync.WaitGroup.Go, context, errors from goroutines in order.
package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
)

func main() {
	var wg sync.WaitGroup
	errs := make([]error, 4)
	var mu sync.Mutex
	total := 0
	for i := range errs {
		wg.Go(func() {
			defer func() {
				if r := recover(); r != nil {
					errs[i] = fmt.Errorf("goroutine %d: %v", i, r)
				}
			}()
			if i == 2 {
				var s []int
				_ = s[i]
			}
			mu.Lock()
			defer mu.Unlock()
			total += i
		})
	}
	wg.Wait()
	fmt.Println(errors.Join(errs...), total)
	ctx, cancel := context.WithCancel(context.Background())
	out := make(chan int)
	go func() {
		defer close(out)
		for i := 0; ; i++ {
			select {
			case out <- i:
			case <-ctx.Done():
				return
			}
		}
	}()
	for v := range out {
		if v == 5 {
			cancel()
			break
		}
	}
	<-ctx.Done()
	fmt.Println(ctx.Err())
}
