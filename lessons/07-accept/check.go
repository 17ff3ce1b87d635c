// Package check07 has the hidden checks of lesson 07. Call them through
// [Checks].
package check07

import "sockbook/lessons/check"

// Checks are the exercises of this lesson.
var Checks = check.Set{}
