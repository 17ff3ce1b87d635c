// Command sockbook is a Jupyter kernel for learning UNIX network programming.
package main

func main() {}
