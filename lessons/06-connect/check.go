// Package check06 has the hidden checks of lesson 06. Call them through
// [Checks].
package check06

import "sockbook/lessons/check"

// Checks are the exercises of this lesson.
var Checks = check.Set{}
