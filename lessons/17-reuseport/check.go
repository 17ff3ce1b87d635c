// Package check17 has the hidden checks of lesson 17. Call them through
// [Checks].
package check17

import "sockbook/lessons/check"

// Checks are the exercises of this lesson.
var Checks = check.Set{}
