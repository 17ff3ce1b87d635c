// Package display shows rich output under a cell.
package display
