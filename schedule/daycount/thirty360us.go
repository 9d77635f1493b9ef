package daycount

import "github.com/loanweave/loanweave/schedule/civil"

// thirty360US is 30/360, also called bond basis, of the 2006 ISDA Definitions, section 4.16(f):
//
//	360 x (Y2 - Y1) + 30 x (M2 - M1) + (D2 - D1)
//
// where a D1 of 31 becomes 30, and a D2 of 31 becomes 30 when D1 is 30 or 31. The end of February
// is no special day: that is another convention.
func thirty360US(from, to civil.Date) (num, den int64) {
	y1, m1, d1 := from.Date()
	y2, m2, d2 := to.Date()
	d1 = min(d1, 30)
	if d1 == 30 {
		d2 = min(d2, 30)
	}
	return int64(360*(y2-y1) + 30*(int(m2)-int(m1)) + d2 - d1), 360
}
