package daycount

import "github.com/loanweave/loanweave/schedule/civil"

// thirtyE360 is 30E/360, also called Eurobond basis, of the 2006 ISDA Definitions, section 4.16(g):
//
//	360 x (Y2 - Y1) + 30 x (M2 - M1) + (D2 - D1)
//
// where a D1 and a D2 of 31 become 30, each whatever the other is. The end of February is no
// special day.
func thirtyE360(from, to civil.Date) (num, den int64) {
	y1, m1, d1 := from.Date()
	y2, m2, d2 := to.Date()
	return int64(360*(y2-y1) + 30*(int(m2)-int(m1)) + min(d2, 30) - min(d1, 30)), 360
}
