// Package programs holds programs as learners and their books write them, and
// the tests that run each of them three times: compiled by Go, as one cell, and
// cut into the cells of a notebook. Output, panic text and exit status must be
// the same.
//
// testdata has the long programs, testdata/features small ones, each about a
// feature of the language or something that an interpreter once got wrong.
// Beside each NAME.go stands NAME.want, what it does when compiled; go test
// -update writes them. testdata/known.txt lists the runs that fail, each with
// its reason: the list is to become empty.
//
// There is nothing to call.
package programs
