package main

import (
	"fmt"
	"os"
	"path/filepath"
)

// defaultLessonsDir is where the lessons go if nothing else is said: ~/sockbook.
func defaultLessonsDir() (string, error) {
	home, err := os.UserHomeDir()
	if err != nil {
		return "", withHint(fmt.Errorf("find your home: %w", err), "set HOME, or name a folder for the lessons.")
	}
	return filepath.Join(home, "sockbook"), nil
}
