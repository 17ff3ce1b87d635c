// Package check03 has the hidden checks of lesson 03. Call them through
// [Checks].
package check03

import "sockbook/lessons/check"

// Checks are the exercises of this lesson.
var Checks = check.Set{}
