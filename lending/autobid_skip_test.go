package lending_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// Each reason, one figure beyond the last that still bids.
func TestSkipBothSides(t *testing.T) {
	type stage struct {
		m lending.Mandate
		w lending.Wanted
		p lending.Purse
		r lending.QueueRules
	}
	at := func(n int) civil.Date { return first.AddDays(n) }
	for _, tc := range []struct {
		why       lending.Skip
		good, bad func(*stage)
	}{
		{lending.SkipAmount, func(s *stage) { s.m.Takes.MinAmount, s.m.Takes.MaxAmount = 1000, 1000 }, func(s *stage) { s.m.Takes.MinAmount = 1001 }},
		{lending.SkipAmount, nil, func(s *stage) { s.m.Takes.MaxAmount = 999 }},
		{lending.SkipRate, func(s *stage) { s.m.Takes.MinRate, s.m.Takes.MaxRate = s.w.Rate, s.w.Rate }, func(s *stage) { s.m.Takes.MinRate = schedule.MustRate("10.0000000001% per year") }},
		{lending.SkipRate, nil, func(s *stage) { s.m.Takes.MaxRate = schedule.MustRate("9.9999999999% per year") }},
		{lending.SkipRate, nil, func(s *stage) { s.m.Takes.MaxRate = schedule.MustRate("10% per period") }},
		{lending.SkipTerm, func(s *stage) { s.m.Takes.MinMonths, s.m.Takes.MaxMonths = 12, 12 }, func(s *stage) { s.m.Takes.MinMonths = 13 }},
		{lending.SkipTerm, nil, func(s *stage) { s.m.Takes.MaxMonths = 11 }},
		{lending.SkipGrade, func(s *stage) { s.m.Takes.Grades = []lending.Code{"B", "A"} }, func(s *stage) { s.m.Takes.Grades = []lending.Code{"B"} }},
		{lending.SkipGrade, nil, func(s *stage) { s.m.Takes.Grades, s.w.Grade = []lending.Code{"A"}, "" }},
		{lending.SkipProduct, func(s *stage) { s.m.Takes.Products = []lending.ProductID{"q", "p"} }, func(s *stage) { s.m.Takes.Products = []lending.ProductID{"q"} }},
		{lending.SkipCover, func(s *stage) { s.m.Takes.Covers, s.m.Takes.Covered = []lending.Code{"buyback", "fund"}, true }, func(s *stage) { s.m.Takes.Covers = []lending.Code{"buyback"} }},
		{lending.SkipCover, func(s *stage) { s.m.Takes.Covered = true }, func(s *stage) { s.m.Takes.Covered, s.w.Covers = true, nil }},
		{lending.SkipOwn, nil, func(s *stage) { s.w.Borrower = s.m.Lender }},
		{lending.SkipDates, func(s *stage) { s.m.From, s.m.Until = at(2), at(2) }, func(s *stage) { s.m.From = at(3) }},
		{lending.SkipDates, nil, func(s *stage) { s.m.Until = at(1) }},
		{lending.SkipOnce, nil, func(s *stage) { s.p.Here = 1 }},
		{lending.SkipBarred, nil, func(s *stage) { s.p.Barred = true }},
		{lending.SkipDebtor, nil, func(s *stage) { s.p.Debtor = true }},
		{lending.SkipBorrowed, nil, func(s *stage) { s.p.Borrowed = 1 }},
		{lending.SkipSize, nil, func(s *stage) { s.m.Min, s.m.Max = 99, 99 }},
		{lending.SkipRoom, func(s *stage) { s.w.Raised, s.r.ManualPPM = 850, 50_000 }, func(s *stage) { s.w.Raised, s.r.ManualPPM, s.w.MinBid = 850, 50_001, 1 }},
		{lending.SkipShare, func(s *stage) { s.m.LoanPPM, s.r.BidPPM = 100_000, 100_000 }, func(s *stage) { s.m.LoanPPM = 99_999 }},
		{lending.SkipShare, nil, func(s *stage) { s.r.BidPPM, s.w.MinBid = 99_999, 1 }},
		{lending.SkipShare, func(s *stage) { s.w.MaxBid = 100 }, func(s *stage) { s.w.MaxBid, s.w.MinBid = 99, 1 }},
		{lending.SkipFunds, func(s *stage) { s.m.Retain, s.p.Free = 50, 150 }, func(s *stage) { s.m.Retain, s.p.Free = 51, 150 }},
		{lending.SkipBorrowerCap, func(s *stage) { s.m.PerBorrower, s.p.Borrower = 150, 50 }, func(s *stage) { s.m.PerBorrower, s.p.Borrower = 150, 51 }},
		{lending.SkipGradeCap, func(s *stage) { s.m.PerGrade, s.p.Grade = []lending.GradeCap{{"B", 1}, {"A", 150}}, 50 }, func(s *stage) { s.m.PerGrade, s.p.Grade = []lending.GradeCap{{"B", 1}, {"A", 150}}, 51 }},
		{lending.SkipTotalCap, func(s *stage) { s.m.Total, s.p.Total = 150, 50 }, func(s *stage) { s.m.Total, s.p.Total = 150, 51 }},
		{lending.SkipSpread, func(s *stage) { s.m.Spread, s.p.Total = 5, 400 }, func(s *stage) { s.m.Spread, s.p.Total = 5, 399 }},
	} {
		for _, side := range []struct {
			edit func(*stage)
			want []lending.AutoBid
			skip []lending.Skipped
		}{
			{tc.good, []lending.AutoBid{{"m0", "l0", 100}}, nil},
			{tc.bad, nil, []lending.Skipped{{"m0", tc.why}}},
		} {
			s := stage{simple(0, 100), plainWanted(1000), lending.Purse{Free: 100},
				lending.QueueRules{Currency: cny, Turns: lending.KeepsPlace}}
			s.w.Covers, s.w.MinBid = []lending.Code{"fund"}, 100
			if side.edit != nil {
				side.edit(&s)
			}
			got, err := queue(t, s.r, s.m).Fill(lending.Call{Wanted: s.w, On: at(2), Explain: true,
				Purses: purses(map[lending.PartyID]lending.Purse{"l0": s.p})})
			require.NoError(t, err)
			sameRound(t, lending.Round{Loan: "loan", Bids: side.want, Skipped: side.skip, Turns: 1, Last: "m0", Raised: got.Raised}, got)
		}
	}
}

// Calls that cannot be answered are refused by name, on the first day that does not fit.
func TestFillRefuses(t *testing.T) {
	q := queue(t, lending.QueueRules{Currency: cny, Turns: lending.KeepsPlace, DelayDays: 2}, simple(0, 1))
	ok := lending.Call{Wanted: plainWanted(10), On: first.AddDays(2), Purses: rich0}
	_, err := q.Fill(ok)
	require.NoError(t, err)
	boom := errors.New("boom")
	long := lending.LoanID(strings.Repeat("x", 1<<20))
	for name, tc := range map[string]struct {
		want error
		edit func(*lending.Call)
	}{
		"early":  {lending.ErrDate, func(c *lending.Call) { c.On = first.AddDays(1) }},
		"no day": {lending.ErrDate, func(c *lending.Call) { c.On = civil.Date{} }},
		"late":   {lending.ErrBid, func(c *lending.Call) { c.On = first.AddDays(10) }},
		"never": {lending.ErrDate, func(c *lending.Call) {
			c.Wanted.Opened = civil.MustParse("9999-12-31")
			c.Wanted.Deadline = c.Wanted.Opened
		}},
		"purses": {lending.ErrConfig, func(c *lending.Call) { c.Purses = nil }},
		"purse": {boom, func(c *lending.Call) {
			c.Purses = func(int, lending.PartyID) (lending.Purse, error) { return lending.Purse{}, boom }
		}},
		"currency":  {lending.ErrAmount, func(c *lending.Call) { c.Wanted.Currency = money.MustCurrency("JPY") }},
		"none":      {lending.ErrTerms, func(c *lending.Call) { c.Wanted.Currency = money.Currency{} }},
		"loan":      {lending.ErrID, func(c *lending.Call) { c.Wanted.Loan = long }},
		"borrower":  {lending.ErrID, func(c *lending.Call) { c.Wanted.Borrower = "" }},
		"product":   {lending.ErrID, func(c *lending.Call) { c.Wanted.Product = "" }},
		"grade":     {lending.ErrID, func(c *lending.Call) { c.Wanted.Grade = "\x00" }},
		"cover":     {lending.ErrID, func(c *lending.Call) { c.Wanted.Covers = []lending.Code{""} }},
		"covers":    {lending.ErrTerms, func(c *lending.Call) { c.Wanted.Covers = []lending.Code{"a", "a"} }},
		"many":      {lending.ErrLimit, func(c *lending.Call) { c.Wanted.Covers = make([]lending.Code, 61) }},
		"amount":    {lending.ErrAmount, func(c *lending.Call) { c.Wanted.Amount = lending.MaxLoan + 1 }},
		"zero":      {lending.ErrAmount, func(c *lending.Call) { c.Wanted.Amount = 0 }},
		"raised":    {lending.ErrAmount, func(c *lending.Call) { c.Wanted.Raised = 11 }},
		"min bid":   {lending.ErrAmount, func(c *lending.Call) { c.Wanted.MinBid = -1 }},
		"increment": {lending.ErrAmount, func(c *lending.Call) { c.Wanted.Increment = math.MinInt64 }},
		"lenders":   {lending.ErrTerms, func(c *lending.Call) { c.Wanted.Lenders = -1 }},
		"rate":      {lending.ErrTerms, func(c *lending.Call) { c.Wanted.Rate = schedule.Rate{} }},
		"months":    {lending.ErrTerms, func(c *lending.Call) { c.Wanted.Months = 1201 }},
		"dates":     {lending.ErrDate, func(c *lending.Call) { c.Wanted.Deadline = first.AddDays(-1) }},
	} {
		c := ok
		tc.edit(&c)
		r, err := q.Fill(c)
		require.ErrorIs(t, err, tc.want, name)
		require.Less(t, len(err.Error()), 400, name)
		require.True(t, errors.Is(tc.want, boom) || lending.ClassOf(err) != lending.ClassUnknown, name)
		sameRound(t, lending.Round{}, r)
		if !errors.Is(tc.want, boom) && name != "purses" {
			for range q.Takers(c.Wanted, c.On) {
				t.Errorf("%s: takers of a refused listing", name)
			}
		}
	}
	_, err = (&lending.Queue{}).Fill(ok)
	require.ErrorIs(t, err, lending.ErrConfig)
	require.ErrorIs(t, (&lending.Queue{}).SwitchOn(simple(0, 1)), lending.ErrConfig)
}
