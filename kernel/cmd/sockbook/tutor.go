package main

import (
	"sync"

	"sockbook/kernel/course"
	"sockbook/kernel/stage"
	"sockbook/kernel/tutor"
	"sockbook/lessons"
)

// embedded is the course that comes with this program, read on first use. A
// lesson that cannot be read is not in it; the lessons' own test says why.
var embedded = sync.OnceValue(func() *course.Course {
	c, _ := course.Load(lessons.Files())
	return c
})

// newTutor makes the tutor of a notebook whose processes are on s.
func newTutor(s *stage.Stage, config stage.Config, dir string) *tutor.Tutor {
	return &tutor.Tutor{Course: embedded, Checks: lessons.Checks(), Stage: s, Config: config, Dir: dir}
}
