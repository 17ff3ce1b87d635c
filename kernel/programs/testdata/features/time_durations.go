// Durations, formats, comparison, months.
package main

import (
	"errors"
	"fmt"
	"time"
)

type Clock func() time.Time

func (c Clock) Age(t time.Time) time.Duration { return c().Sub(t) }
func main() {
	t := time.Date(2024, time.February, 29, 23, 59, 0, 0, time.UTC)
	c := Clock(func() time.Time { return t.AddDate(1, 0, 1) })
	fmt.Println(c.Age(t), t.Weekday(), t.YearDay(), t.Month(), t.Add(90*time.Second).Format("Jan _2 15:04:05"))
	d, err := time.ParseDuration("1h15m30.5s")
	fmt.Println(d, err, d.Minutes(), d.Round(time.Minute), time.Duration(1500)*time.Microsecond, t.Before(c()), t.Truncate(time.Hour).Hour())
	_, err = time.Parse(time.DateOnly, "2024-13-01")
	var pe *time.ParseError
	fmt.Println(err, errors.As(err, &pe))
	type timeout time.Duration
	fmt.Println(time.Duration(timeout(3*time.Second)), timeout(5), t.Equal(t.In(time.FixedZone("x", 3600))), t == t.UTC())
}
