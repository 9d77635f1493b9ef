package daycount

import (
	"time"

	"github.com/loanweave/loanweave/schedule/civil"
)

// thirtyE360ISDA is 30E/360 (ISDA) of the 2006 ISDA Definitions, section 4.16(h), the German rule:
//
//	360 x (Y2 - Y1) + 30 x (M2 - M1) + (D2 - D1)
//
// where the last day of any month becomes 30, as D1 and as D2, but not a D2 that is the maturity
// when that ends February.
func thirtyE360ISDA(from, to, maturity civil.Date) (num, den int64) {
	if from == to {
		return 0, 360 // a maturity that ends February would count -1 or -2
	}
	y1, m1, d1 := from.Date()
	y2, m2, d2 := to.Date()
	if d1 == civil.DaysIn(y1, m1) {
		d1 = 30
	}
	if d2 == civil.DaysIn(y2, m2) && (m2 != time.February || to != maturity) {
		d2 = 30
	}
	return int64(360*(y2-y1) + 30*(int(m2)-int(m1)) + d2 - d1), 360
}
