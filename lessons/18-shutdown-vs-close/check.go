// Package check18 has the hidden checks of lesson 18. Call them through
// [Checks].
package check18

import "sockbook/lessons/check"

// Checks are the exercises of this lesson.
var Checks = check.Set{}
