package rt

import (
	"reflect"
	"unsafe"
)

// The functions of package unsafe.

func stringData(s string) *byte                        { return unsafe.StringData(s) }
func unsafeString(p *byte, n int) string               { return unsafe.String(p, n) }
func unsafeAdd(p unsafe.Pointer, n int) unsafe.Pointer { return unsafe.Add(p, n) }
func sliceData(s any) any {
	v := reflect.ValueOf(s)
	return reflect.NewAt(v.Type().Elem(), v.UnsafePointer()).Interface()
}

func unsafeSlice(p any, n int) any {
	v := reflect.ValueOf(p)
	if n < 0 {
		panic(rerr("runtime error: unsafe.Slice: len out of range"))
	}
	if v.IsNil() {
		if n > 0 {
			panic(rerr("runtime error: unsafe.Slice: ptr is nil and len is not zero"))
		}
		return reflect.Zero(reflect.SliceOf(v.Type().Elem())).Interface()
	}
	return reflect.SliceAt(v.Type().Elem(), v.UnsafePointer(), n).Interface()
}

func toPointer(p any) unsafe.Pointer                   { return reflect.ValueOf(p).UnsafePointer() }
func fromPointer(p unsafe.Pointer, t reflect.Type) any { return reflect.NewAt(t.Elem(), p).Interface() }
func pointerToUint(p unsafe.Pointer) uintptr           { return uintptr(p) }
func uintToPointer(n uintptr) unsafe.Pointer           { return *(*unsafe.Pointer)(unsafe.Pointer(&n)) }
