// Package check08 has the hidden checks of lesson 08. Call them through
// [Checks].
package check08

import "sockbook/lessons/check"

// Checks are the exercises of this lesson.
var Checks = check.Set{}
