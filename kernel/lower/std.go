package lower

import "go/types"

// stdSource is a package of the standard library whose generic functions are
// lowered from source.
type stdSource struct{ pkg *types.Package }

func (l *Lowerer) stdFunc(f *types.Func) *types.Func {
	l.refuse(l.unit.pos, "generic function %s is not available in cells", f.FullName())
	return nil
}
