// Panic with a named string.
package main

type K string

func main() { panic(K("named")) }
