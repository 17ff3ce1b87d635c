// Package check01 has the hidden checks of lesson 01. Call them through
// [Checks].
package check01

import "sockbook/lessons/check"

// Checks are the exercises of this lesson.
var Checks = check.Set{}
