package guarantee

import (
	"fmt"
	"math/bits"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// QueuePolicy says which demands a fund pays first when it cannot pay all.
type QueuePolicy uint8

// Policies (DOMAIN 2.8), among the demands that take part in a round: all whose settlement has come, but for
// those that an earlier round of the day ended without ([SettleFund]). Old rules ask for both the order of time and equal shares, which contradict each
// other inside a period: the third is the usual reading.
const (
	// FIFO: the oldest demand first, in full.
	FIFO QueuePolicy = iota + 1
	// ProRataPerPeriod: all demands that stand at a settlement alike, whatever their age.
	ProRataPerPeriod
	// FIFOThenProRata: periods in their order, demands of one period alike (按时间顺序, 期内按比例).
	FIFOThenProRata
)

var policyNames = [...]string{"", "fifo", "pro-rata-per-period", "fifo-then-pro-rata"}

// String returns the policy's name.
func (p QueuePolicy) String() string {
	if p == 0 || int(p) >= len(policyNames) {
		return fmt.Sprintf("queue policy %d", uint8(p))
	}
	return policyNames[p]
}

// IsValid reports whether p is one of the policies above.
func (p QueuePolicy) IsValid() bool { return FIFO <= p && p <= FIFOThenProRata }

// Shares returns what each demand is paid of the cash, in minor units, in the order given: the oldest
// first, those of one settlement period beside each other. A share is never more than its demand, and the
// shares sum to the cash, or to the demands when that is less. Among demands that share alike a share is
// the floor or the ceiling of the exact one, by largest remainder, ties to the older.
func (p QueuePolicy) Shares(cash int64, demands []Demand) ([]int64, error) {
	shares := make([]int64, 0, len(demands))
	for from := 0; from < len(demands); {
		to := p.group(demands, from)
		sum, err := total(demands[from:to])
		if err != nil {
			return nil, err
		}
		pay := min(cash, sum)
		if pay == sum {
			for _, d := range demands[from:to] {
				shares = append(shares, d.Minor)
			}
		} else if shares, err = split(shares, pay, demands[from:to]); err != nil {
			return nil, err
		}
		cash -= pay
		from = to
	}
	return shares, nil
}

// group is the end of the demands that share alike with the one at from.
func (p QueuePolicy) group(demands []Demand, from int) int {
	switch p {
	case ProRataPerPeriod:
		return len(demands)
	case FIFOThenProRata:
		to := from + 1
		for to < len(demands) && demands[to].Due == demands[from].Due {
			to++
		}
		return to
	}
	return from + 1
}

func total(demands []Demand) (int64, error) {
	var sum uint64
	for _, d := range demands {
		var carry uint64
		if sum, carry = bits.Add64(sum, uint64(d.Minor), 0); carry != 0 || sum > 1<<62 {
			return 0, &money.OverflowError{Op: "sum of demands"}
		}
	}
	return int64(sum), nil
}

func split(dst []int64, pay int64, demands []Demand) ([]int64, error) {
	weights := make([]int64, len(demands))
	for i, d := range demands {
		weights[i] = d.Minor
	}
	return money.Split(dst, pay, weights, money.LargestRemainder)
}

// settlement is the first settlement date on or after a day, of a fund that opened on another.
func settlement(opened civil.Date, every schedule.Frequency, on civil.Date) civil.Date {
	if !on.After(opened) {
		return opened
	}
	longest := every.N()
	switch every.Unit() {
	case schedule.UnitMonth:
		longest *= 31
	case schedule.UnitWeek:
		longest *= 7
	}
	n := on.Sub(opened) / longest
	next := every.After(opened, n)
	for !next.IsZero() && next.Before(on) {
		n++
		next = every.After(opened, n)
	}
	if next.IsZero() {
		return on // the calendar ends
	}
	return next
}

func codeFrequency(c *event.Codec, f *schedule.Frequency) {
	n, unit := f.N(), f.Unit()
	c.Count(&n)
	event.Enum(c, &unit)
	if !c.Reading() {
		return
	}
	switch unit {
	case schedule.UnitMonth:
		*f = schedule.Months(n)
	case schedule.UnitWeek:
		*f = schedule.Weeks(n)
	case schedule.UnitDay:
		*f = schedule.Days(n)
	}
}
