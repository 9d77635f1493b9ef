package transfer

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule/money"
)

// MaxExits bounds an exit queue.
const MaxExits = 1_000_000

// ExitID names a request to be paid out.
type ExitID string

// Exit is an investor's request to sell what he has in a product (退出申请).
type Exit struct {
	ID    ExitID // of one queue, each once
	Turn  int64  // less is earlier; of equal ones the lesser id is
	Units int64  // minor units, 1 or more
}

// ExitPolicy says whose units are sold first when there is not money for all (退出排队规则).
type ExitPolicy uint8

// Exit policies.
const (
	// FirstCome: the earliest first, in full.
	FirstCome ExitPolicy = iota + 1
	// Cycles: in turn each sells a portion, then each another, until the money is gone.
	Cycles
	// ProRata: all sell the same share.
	ProRata
)

var exitPolicyNames = [...]string{"", "first-come", "cycles", "pro-rata"}

// String returns the policy's name.
func (p ExitPolicy) String() string {
	if p == 0 || int(p) >= len(exitPolicyNames) {
		return fmt.Sprintf("exit policy %d", uint8(p))
	}
	return exitPolicyNames[p]
}

// ExitRules are the rules of an exit queue.
type ExitRules struct {
	Policy ExitPolicy
	// Portion, in parts per million of a request and rounded down, is what each sells in a cycle, or Part
	// if that is more; or all that is left. 0 to a million, and 1 minor unit or more. Zero for other policies.
	Portion int64
	Part    int64
}

// Serve returns how much of each request buyers' money pays for, in minor units, in the order given; what
// each gets does not hang on that order. The shares sum to the money, or to the requests when that is
// less. Under [Cycles] only, when the money does not pay for the next portion, what is left pays for some of
// it if that is Part or more, and for nothing otherwise. Under [ProRata] each gets the floor or the ceiling
// of his exact share, by largest remainder, ties to the earlier. A cycle begins with the earliest: a host
// who serves a queue again and again gives earlier turns to those that a cycle left out. Faults of the input
// are [ErrExit]s, the first twenty together.
func (r ExitRules) Serve(cash int64, exits []Exit) ([]int64, error) {
	if err := r.check(cash, exits); err != nil {
		return nil, err
	}
	queue, err := queued(exits)
	if err != nil {
		return nil, err
	}
	out := make([]int64, len(exits))
	switch r.Policy {
	case FirstCome:
		for _, i := range queue {
			out[i] = min(cash, exits[i].Units)
			cash -= out[i]
		}
	case Cycles:
		r.cycle(out, cash, exits, queue)
	case ProRata:
		return out, prorate(out, cash, exits, queue)
	}
	return out, nil
}

// queued are the places of the exits in the order of their turns. It refuses an id that is there twice.
func queued(exits []Exit) ([]int, error) {
	queue, seen := make([]int, len(exits)), make(map[ExitID]bool, len(exits))
	for i := range exits {
		if queue[i] = i; seen[exits[i].ID] {
			return nil, refuse(ErrExit, "exit %.64q is there twice", exits[i].ID)
		}
		seen[exits[i].ID] = true
	}
	slices.SortFunc(queue, func(i, j int) int {
		a, b := &exits[i], &exits[j]
		return cmp.Or(cmp.Compare(a.Turn, b.Turn), cmp.Compare(a.ID, b.ID))
	})
	return queue, nil
}

// cycle finds the most cycles that the money pays for in whole, then begins one more.
func (r *ExitRules) cycle(out []int64, cash int64, exits []Exit, queue []int) {
	sum := func(cycles int64) (sum int64) {
		for i := range exits {
			sum += r.after(exits[i].Units, cycles)
		}
		return sum
	}
	low, high := int64(0), int64(1) // low is paid for; after high cycles all are sold
	for i := range exits {
		high = max(high, exits[i].Units/r.portion(exits[i].Units)+1)
	}
	if sum(high) <= cash {
		low = high
	}
	for high-low > 1 {
		if mid := low + (high-low)/2; sum(mid) <= cash {
			low = mid
		} else {
			high = mid
		}
	}
	cash -= sum(low)
	for i := range exits {
		out[i] = r.after(exits[i].Units, low)
	}
	for _, i := range queue {
		next := r.after(exits[i].Units, low+1) - out[i]
		if next > cash {
			if cash >= r.Part {
				out[i] += cash
			}
			return
		}
		out[i] += next
		cash -= next
	}
}

// after is what is sold of a request after so many cycles.
func (r *ExitRules) after(units, cycles int64) int64 {
	portion := r.portion(units)
	if cycles > units/portion {
		return units
	}
	return portion * cycles
}

// portion is what is sold of a request in a cycle, as long as so much is left.
func (r *ExitRules) portion(units int64) int64 {
	return max(r.Part, int64(product(units, r.Portion).over(lending.Million)))
}

func prorate(out []int64, cash int64, exits []Exit, queue []int) error {
	weights, sum := make([]int64, len(queue)), int64(0)
	for at, i := range queue {
		weights[at] = exits[i].Units
		sum += exits[i].Units
	}
	if sum == 0 {
		return nil
	}
	shares, err := money.Split(nil, min(cash, sum), weights, money.LargestRemainder)
	if err != nil {
		return err
	}
	for at, i := range queue {
		out[i] = shares[at]
	}
	return nil
}

// check reports what is wrong with the rules, the money and the requests.
func (r *ExitRules) check(cash int64, exits []Exit) error {
	var errs []error
	bad := func(wrong bool, format string, args ...any) {
		if wrong && len(errs) < maxFaults {
			errs = append(errs, refuse(ErrExit, format, args...))
		}
	}
	bad(r.Policy < FirstCome || r.Policy > ProRata, "there is no %s", r.Policy)
	cycles := r.Policy == Cycles
	bad(cycles && (r.Portion < 0 || r.Portion > lending.Million), "a portion is 0 to %d ppm", lending.Million)
	bad(cycles && (r.Part < 1 || r.Part > money.MaxMinor), "a part is 1 or more, and an amount")
	bad(!cycles && (r.Portion != 0 || r.Part != 0), "only cycles have portions and parts")
	bad(cash < 0 || cash > money.MaxMinor, "the money is no amount")
	bad(len(exits) > MaxExits, "%d requests, at most %d", len(exits), MaxExits)
	var sum int64
	for i := range exits[:min(len(exits), MaxExits)] {
		units := exits[i].Units
		if units < 1 || units > money.MaxMinor-sum {
			bad(true, "request %d: want 1 or more, and an amount all together", i)
			continue
		}
		sum += units
	}
	return errors.Join(errs...)
}
