package calendar_test

import (
	"fmt"
	"time"

	"github.com/loanweave/loanweave/schedule/calendar"
	"github.com/loanweave/loanweave/schedule/civil"
)

// The Sunday before China's National Day of 2024 is worked, the day itself is free.
func ExampleNew() {
	cal, err := calendar.New(calendar.Rules{
		Weekend:  []time.Weekday{time.Saturday, time.Sunday},
		Holidays: []civil.Date{civil.MustParse("2024-10-01")},
		Workdays: []civil.Date{civil.MustParse("2024-09-29")},
	})
	fmt.Println(err, cal.IsBusiness(civil.MustParse("2024-09-29")))
	due := civil.MustParse("2024-10-01")
	fmt.Println(calendar.ModifiedFollowing.Adjust(due, cal), cal.Prev(due))
	fmt.Println(cal)
	// Output:
	// <nil> true
	// 2024-10-02 2024-09-30
	// {"weekend":["sat","sun"],"holidays":["2024-10-01"],"workdays":["2024-09-29"]}
}

func ExampleNew_refused() {
	_, err := calendar.New(calendar.Rules{Weekend: []time.Weekday{0, 1, 2, 3, 4, 5, 6}})
	fmt.Println(err)
	// Output: calendar: rules: Weekend leaves no business day
}

func ExampleAdjustment_Adjust() {
	weekends, due := calendar.SaturdaySunday(), civil.MustParse("2025-05-31")
	for _, a := range []calendar.Adjustment{
		calendar.Following, calendar.ModifiedFollowing, calendar.NoAdjustment,
	} {
		fmt.Printf("%v: %v\n", a, a.Adjust(due, weekends))
	}
	// Output:
	// following: 2025-06-02
	// modified-following: 2025-05-30
	// none: 2025-05-31
}

func ExampleCalendar_BusinessDays() {
	from := civil.MustParse("2026-01-01")
	fmt.Println(calendar.SaturdaySunday().BusinessDays(from, from.AddMonths(12)))
	// Output: 261
}

func ExampleUnion() {
	london := calendar.MustParse(`{"weekend":["sat","sun"],"holidays":["2026-08-31"]}`)
	dubai := calendar.MustParse(`{"weekend":["sat","sun"],"holidays":["2026-12-02"]}`)
	both, err := calendar.Union(london, dubai)
	fmt.Println(both, err)
	// Output: {"weekend":["sat","sun"],"holidays":["2026-08-31","2026-12-02"]} <nil>
}
