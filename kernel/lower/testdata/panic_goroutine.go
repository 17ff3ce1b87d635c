package main

import ()

func main() { done := make(chan int); go func() { var m map[string]int; m["a"]++ }(); <-done }
