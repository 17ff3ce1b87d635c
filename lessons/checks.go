package lessons

import (
	"maps"

	check00 "sockbook/lessons/00-start"
	check01 "sockbook/lessons/01-descriptors"
	check02 "sockbook/lessons/02-byte-order"
	check03 "sockbook/lessons/03-addresses"
	check04 "sockbook/lessons/04-bind"
	check05 "sockbook/lessons/05-listen"
	check06 "sockbook/lessons/06-connect"
	check07 "sockbook/lessons/07-accept"
	check08 "sockbook/lessons/08-close"
	check09 "sockbook/lessons/09-process-killed"
	check10 "sockbook/lessons/10-host-crashed"
	check11 "sockbook/lessons/11-crash-and-reboot"
	check12 "sockbook/lessons/12-shut-down"
	check13 "sockbook/lessons/13-keepalive"
	check14 "sockbook/lessons/14-linger"
	check15 "sockbook/lessons/15-buffers"
	check16 "sockbook/lessons/16-reuseaddr"
	check17 "sockbook/lessons/17-reuseport"
	check18 "sockbook/lessons/18-shutdown-vs-close"
	check19 "sockbook/lessons/19-robust-echo"
	"sockbook/lessons/check"
)

// Checks are the hidden checks of all exercises.
func Checks() check.Set {
	all := check.Set{}
	for _, set := range []check.Set{
		check00.Checks,
		check01.Checks,
		check02.Checks,
		check03.Checks,
		check04.Checks,
		check05.Checks,
		check06.Checks,
		check07.Checks,
		check08.Checks,
		check09.Checks,
		check10.Checks,
		check11.Checks,
		check12.Checks,
		check13.Checks,
		check14.Checks,
		check15.Checks,
		check16.Checks,
		check17.Checks,
		check18.Checks,
		check19.Checks,
	} {
		maps.Copy(all, set)
	}
	return all
}
