package schedule

import (
	"strings"

	"github.com/loanweave/loanweave/schedule/money"
)

// ticks is the number of steps on an axis; both axes of a chart have as many.
const ticks = 4

// axis is a scale of amounts from 0 to ticks round steps.
type axis struct{ step int64 } // in minor units, above 0

// newAxis is the shortest axis that reaches most, in minor units.
func newAxis(most int64) axis {
	for ten := int64(1); ; ten *= 10 {
		for _, tenths := range []int64{10, 15, 20, 25, 30, 40, 50, 60, 80} {
			if step := tenths * ten / 10; tenths*ten%10 == 0 && step*ticks >= most {
				return axis{step}
			}
		}
	}
}

// height is how far up the plot an amount of minor units is, 0 to the axis' end.
func (a axis) height(minor int64) int64 {
	height, _ := money.MulDiv(minor, plotHeight, a.step*ticks, money.HalfEven) // below plotHeight
	return height
}

// scale is the power of ten in whole units of the currency that the labels are in: 0, 3, 6 or 9.
// Steps are whole multiples of it, and the end of the axis is ten thousand of it at least.
func (a axis) scale(c money.Currency) int {
	for _, power := range []int{9, 6, 3} {
		unit := pow10(c.Digits() + power)
		if unit > 0 && a.step%unit == 0 && a.step*ticks/unit >= 10_000 {
			return power
		}
	}
	return 0
}

// unit names what the labels are in: "CNY", "CNY million".
func (a axis) unit(c money.Currency) string {
	words := map[int]string{3: " thousand", 6: " million", 9: " billion"}
	return c.Code() + words[a.scale(c)]
}

// label is the text of tick k, without decimals that no tick needs.
func (a axis) label(k int64, c money.Currency) string {
	amt, _ := money.New(a.step*k/max(pow10(a.scale(c)), 1), c)
	text := amt.Text()
	if unit := pow10(c.Digits()); a.step%unit == 0 {
		text, _, _ = strings.Cut(text, ".")
	}
	return grouped(text)
}

// pow10 is 10^n; 0 when that is above an int64.
func pow10(n int) int64 {
	if n > 18 {
		return 0
	}
	power := int64(1)
	for range n {
		power *= 10
	}
	return power
}

// grouped puts a comma between each three digits before the dot of a number.
func grouped(number string) string {
	whole, places, dotted := strings.Cut(number, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if dotted {
		whole += "." + places
	}
	return whole
}
