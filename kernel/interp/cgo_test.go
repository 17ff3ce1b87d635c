//go:build cgo

package interp

const cgo = true
