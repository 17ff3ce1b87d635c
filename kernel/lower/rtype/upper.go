package rtype

import "unicode"

func isUpper(r rune) bool { return unicode.IsUpper(r) }
