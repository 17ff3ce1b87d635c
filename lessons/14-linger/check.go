// Package check14 has the hidden checks of lesson 14. Call them through
// [Checks].
package check14

import "sockbook/lessons/check"

// Checks are the exercises of this lesson.
var Checks = check.Set{}
