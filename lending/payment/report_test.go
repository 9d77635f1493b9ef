package payment_test

import (
	"errors"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/payment"
	"github.com/loanweave/loanweave/schedule/money"
)

var cny = money.MustCurrency("CNY")

func minor(n int64) money.Amount {
	a, err := money.New(n, cny)
	if err != nil {
		panic(err)
	}
	return a
}

func instruct(full int64) payment.Instruction {
	return payment.Instruction{ID: "i1", Kind: payment.Payout, Party: "bob", Amount: minor(full)}
}

// drawReports draws well-formed reports on an instruction. Few different amounts, so that finals
// agree as often as not.
func drawReports(t *rapid.T, full int64) []payment.Report {
	ended := rapid.Int64Range(0, full-1).Draw(t, "ended")
	var rs []payment.Report
	for range rapid.IntRange(0, 8).Draw(t, "reports") {
		r := payment.Report{Instruction: "i1"}
		switch rapid.IntRange(0, 4).Draw(t, "what") {
		case 0:
			r.Status, r.Paid = payment.Settled, minor(full)
		case 1:
			r.Status, r.Paid = payment.Failed, minor(ended)
		case 2:
			r.Status, r.Paid = payment.Failed, minor(rapid.Int64Range(0, full-1).Draw(t, "paid"))
		default:
			r.Status, r.Paid = payment.Pending, minor(rapid.Int64Range(0, full).Draw(t, "paid"))
		}
		rs = append(rs, r)
	}
	return rs
}

func observe(t *rapid.T, s payment.State, in payment.Instruction,
	rs []payment.Report) payment.State {
	for _, r := range rs {
		next, err := s.Observe(in, r)
		if err != nil {
			t.Fatal(err)
		}
		if next.Paid < s.Paid || next.Paid > in.Amount.Minor() || s.Status == payment.Disputed &&
			next.Status != s.Status {
			t.Fatalf("%+v follows %+v", next, s)
		}
		s = next
	}
	return s
}

// outcome says what a set of reports means, without any order: the most that was heard of, and an
// end if one was reported and nothing contradicts it.
func outcome(rs []payment.Report) payment.State {
	var s payment.State
	ends := map[payment.Report]bool{}
	for _, r := range rs {
		s.Paid = max(s.Paid, r.Paid.Minor())
		if s.Status == 0 {
			s.Status = payment.Pending
		}
		if r.Status != payment.Pending {
			ends[r] = true
		}
	}
	for end := range ends {
		s.Status = end.Status
		if len(ends) > 1 || end.Paid.Minor() != s.Paid {
			s.Status = payment.Disputed
		}
	}
	return s
}

// TestAnyOrder: late, repeated and shuffled reports give the state that their set means.
func TestAnyOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		full := rapid.Int64Range(1, 5).Draw(t, "full")
		in := instruct(full)
		rs := drawReports(t, full)
		want := outcome(rs)
		if got := observe(t, payment.State{}, in, rs); got != want {
			t.Fatalf("got %+v, want %+v", got, want)
		}
		again := rs
		if len(rs) > 0 {
			again = append(rs, rapid.SliceOf(rapid.SampledFrom(rs)).Draw(t, "again")...)
		}
		shuffled := rapid.Permutation(again).Draw(t, "order")
		if got := observe(t, payment.State{}, in, shuffled); got != want {
			t.Fatalf("shuffled: got %+v, want %+v", got, want)
		}
	})
}

// TestAllOrders goes through every sequence of up to four reports on an instruction of two cents.
func TestAllOrders(t *testing.T) {
	in := instruct(2)
	var all []payment.Report
	for paid := range int64(3) {
		all = append(all, payment.Report{Instruction: "i1", Paid: minor(paid), Status: payment.Pending})
		if paid < 2 {
			all = append(all, payment.Report{Instruction: "i1", Paid: minor(paid), Status: payment.Failed})
		}
	}
	all = append(all, payment.Report{Instruction: "i1", Paid: minor(2), Status: payment.Settled})
	seen := map[payment.Status]int{}
	var walk func(s payment.State, rs []payment.Report)
	walk = func(s payment.State, rs []payment.Report) {
		if want := outcome(rs); s != want {
			t.Fatalf("%v gives %+v, want %+v", rs, s, want)
		}
		seen[s.Status]++
		for _, r := range all {
			if len(rs) == 4 {
				return
			}
			next, err := s.Observe(in, r)
			if err != nil {
				t.Fatal(err)
			}
			walk(next, append(rs[:len(rs):len(rs)], r))
		}
	}
	walk(payment.State{}, nil)
	for _, s := range []payment.Status{0, payment.Pending, payment.Settled, payment.Failed,
		payment.Disputed} {
		if seen[s] == 0 {
			t.Errorf("%s was never reached", s)
		}
	}
}

func TestContradictions(t *testing.T) {
	in := instruct(5)
	settled := payment.Report{Instruction: "i1", Paid: minor(5), Status: payment.Settled}
	failed := payment.Report{Instruction: "i1", Paid: minor(3), Status: payment.Failed}
	less := payment.Report{Instruction: "i1", Paid: minor(2), Status: payment.Failed}
	more := payment.Report{Instruction: "i1", Paid: minor(4), Status: payment.Pending}
	for name, rs := range map[string][2]payment.Report{
		"settled and failed": {settled, failed},
		"failed twice":       {failed, less},
		"paid after the end": {failed, more},
	} {
		for _, order := range [][]payment.Report{{rs[0], rs[1]}, {rs[1], rs[0]}} {
			var s payment.State
			for _, r := range append(order, order...) {
				s, _ = s.Observe(in, r)
			}
			if s.Status != payment.Disputed || !s.Status.Final() {
				t.Errorf("%s: %+v", name, s)
			}
		}
	}
}

func TestMalformedReports(t *testing.T) {
	in := instruct(5)
	for name, r := range map[string]payment.Report{
		"other id":          {Instruction: "i2", Paid: minor(5), Status: payment.Settled},
		"no id":             {Paid: minor(5), Status: payment.Settled},
		"other currency":    {Instruction: "i1", Paid: money.MustParse("JPY 5"), Status: payment.Pending},
		"below zero":        {Instruction: "i1", Paid: minor(-1), Status: payment.Pending},
		"above all":         {Instruction: "i1", Paid: minor(6), Status: payment.Settled},
		"settled with less": {Instruction: "i1", Paid: minor(4), Status: payment.Settled},
		"failed with all":   {Instruction: "i1", Paid: minor(5), Status: payment.Failed},
		"no status":         {Instruction: "i1", Paid: minor(5)},
		"disputed":          {Instruction: "i1", Paid: minor(5), Status: payment.Disputed},
		"unknown status":    {Instruction: "i1", Paid: minor(5), Status: 9},
	} {
		for _, s := range []payment.State{{}, {Paid: 3, Status: payment.Pending}, {Paid: 5,
			Status: payment.Settled}} {
			if got, err := s.Observe(in, r); !errors.Is(err, payment.ErrInstruction) || got != s {
				t.Errorf("%s: %+v, %v", name, got, err)
			}
		}
	}
	nothing := payment.Report{Instruction: "i1", Status: payment.Failed}
	if s, err := (payment.State{}).Observe(in, nothing); err != nil || s.Status != payment.Failed {
		t.Errorf("failed with nothing paid, without a currency: %+v, %v", s, err)
	}
}

func TestReportRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		for _, want := range drawReports(t, 9) {
			var got payment.Report
			if err := event.Decode(event.Encode(nil, 1, &want), 1, &got); err != nil || got != want {
				t.Fatalf("got %+v, want %+v, %v", got, want, err)
			}
		}
	})
}

func TestStatus(t *testing.T) {
	for s, want := range map[payment.Status]struct {
		name  string
		final bool
	}{
		0: {"status 0", false}, payment.Pending: {"pending", false}, payment.Settled: {"settled", true},
		payment.Failed: {"failed", true}, payment.Disputed: {"disputed", true}, 5: {"status 5", false},
	} {
		if s.String() != want.name || s.Final() != want.final {
			t.Errorf("%d: %s, final %t", uint8(s), s, s.Final())
		}
	}
}

// A payout is reported out of order, twice, and with an older report at the end.
func ExampleState_Observe() {
	in := payment.Instruction{ID: "i1", Kind: payment.Payout, Party: "bob",
		Amount: money.MustParse("CNY 100")}
	heard := func(paid string, s payment.Status) payment.Report {
		return payment.Report{Instruction: "i1", Paid: money.MustParse(paid), Status: s}
	}
	var s payment.State
	for _, r := range []payment.Report{
		heard("CNY 40", payment.Pending),
		heard("CNY 100", payment.Settled),
		heard("CNY 100", payment.Settled),
		heard("CNY 10", payment.Pending),
		heard("CNY 40", payment.Failed),
	} {
		var err error
		s, err = s.Observe(in, r)
		fmt.Println(s.Paid, s.Status, err)
	}
	// Output:
	// 4000 pending <nil>
	// 10000 settled <nil>
	// 10000 settled <nil>
	// 10000 settled <nil>
	// 10000 disputed <nil>
}
