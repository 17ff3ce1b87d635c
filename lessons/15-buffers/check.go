// Package check15 has the hidden checks of lesson 15. Call them through
// [Checks].
package check15

import "sockbook/lessons/check"

// Checks are the exercises of this lesson.
var Checks = check.Set{}
