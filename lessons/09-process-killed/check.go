// Package check09 has the hidden checks of lesson 09. Call them through
// [Checks].
package check09

import "sockbook/lessons/check"

// Checks are the exercises of this lesson.
var Checks = check.Set{}
