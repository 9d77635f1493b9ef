package daycount

import (
	"time"

	"github.com/loanweave/loanweave/schedule/civil"
)

// thirtyU360 is 30U/360, which the market also calls 30/360 US, 30/360 SIA and NASD: the rule of
// the Securities Industry Association for bonds that pay at the ends of months (J. Mayle, Standard
// Securities Calculation Methods, volume 1, 1993):
//
//	360 x (Y2 - Y1) + 30 x (M2 - M1) + (D2 - D1)
//
// where, in this order, a D2 that ends February becomes 30 when D1 ends February too; a D1 that
// ends February becomes 30; a D2 of 31 becomes 30 when D1 is by now 30 or 31; a D1 of 31 becomes
// 30. Without the two rules about February it is thirty360US.
func thirtyU360(from, to civil.Date) (num, den int64) {
	y1, m1, d1 := from.Date()
	y2, m2, d2 := to.Date()
	if endsFebruary(y1, m1, d1) {
		if endsFebruary(y2, m2, d2) {
			d2 = 30
		}
		d1 = 30
	}
	d1 = min(d1, 30)
	if d1 == 30 {
		d2 = min(d2, 30)
	}
	return int64(360*(y2-y1) + 30*(int(m2)-int(m1)) + d2 - d1), 360
}

// endsFebruary reports whether the day is the last of a February.
func endsFebruary(year int, month time.Month, day int) bool {
	return month == time.February && day == civil.DaysIn(year, month)
}
