// Package check13 has the hidden checks of lesson 13. Call them through
// [Checks].
package check13

import "sockbook/lessons/check"

// Checks are the exercises of this lesson.
var Checks = check.Set{}
