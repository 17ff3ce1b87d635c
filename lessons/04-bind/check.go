// Package check04 has the hidden checks of lesson 04. Call them through
// [Checks].
package check04

import "sockbook/lessons/check"

// Checks are the exercises of this lesson.
var Checks = check.Set{}
