package lending_test

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"

	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/money"
)

// drawTender draws a product with a tender of any mechanism and rules.
func drawTender(t *rapid.T, c money.Currency, i int) lending.Product {
	p := products(c, i)[0]
	p.ID = lending.ProductID(fmt.Sprintf("tender-%d", i))
	r := &p.Tender
	r.Mechanism = draw(t, "mechanism", []lending.Mechanism{lending.FirstCome, lending.ProRata, lending.UniformMarginal,
		lending.UniformRejected, lending.PayAsBid, lending.OpenAuction, lending.MarketRate, lending.MarketRate})
	if !r.Mechanism.FixedRate() {
		p.MinRate = schedule.MustRate("0.5% per year")
		r.RateStep = p.MinRate
		r.Round = draw(t, "round", []money.Mode{money.HalfEven, money.Up, money.Down})
	}
	r.MaxShare = draw(t, "share", []int64{0, 0, 400_000, 700_000})
	r.Tail = draw(t, "tail", []lending.TailRule{lending.AllowSmallLast, lending.RefuseTail})
	r.OnDeadline = draw(t, "deadline", []lending.OnDeadline{lending.FailTender, lending.ClosePartial,
		lending.AskBorrower, lending.AskBorrower})
	if r.OnDeadline != lending.FailTender {
		r.MinFundedRatio = draw(t, "funded", []int64{1, 300_000, lending.Million})
	}
	if r.OnDeadline == lending.AskBorrower {
		r.AnswerDays = rapid.IntRange(0, 5).Draw(t, "answer")
	}
	if r.Mechanism == lending.MarketRate {
		r.Book = lending.Code(c.Code())
	} else if r.Mechanism != lending.OpenAuction {
		r.CancelDays = draw(t, "cancel", []int{0, 0, 4})
	} else if rapid.Bool().Draw(t, "decrement") {
		r.Decrement = schedule.MustRate("1% per year")
	}
	r.DelayDays = draw(t, "delay", []int{0, 0, 1})
	r.ReviewDays = draw(t, "review", []int{0, 0, 9})
	r.EarlyClose = rapid.IntRange(0, 3).Draw(t, "early") > 0
	if rapid.Bool().Draw(t, "extend") {
		r.Extensions, r.ExtendDays = 2, 5
	}
	return p
}

// bids places a bid on an open loan, or now and then closes, extends or leaves its tender.
func (m *machine) bids(t *rapid.T, l *lending.Loan) {
	rules := &l.Product.Tender
	switch what := rapid.IntRange(0, 15).Draw(t, "tender"); {
	case what == 0 && rules.Extensions > 0:
		run(m, officer, lending.ExtendTender{Loan: l.ID, Until: l.Deadline.AddDays(rapid.IntRange(0, 6).Draw(t, "days"))})
		return
	case what < 4 && rules.EarlyClose:
		who := draw(t, "who", []lending.Actor{officer, party(l.Borrower)})
		run(m, who, lending.CloseTender{Loan: l.ID})
		return
	case what < 6 && len(l.Bids) > 0 && rules.CancelDays > 0:
		n := rapid.IntRange(1, len(l.Bids)).Draw(t, "bid")
		run(m, party(l.Bids[n-1].Lender), lending.WithdrawBid{Loan: l.ID, Bid: n})
		return
	}
	if rules.Mechanism == lending.MarketRate && rapid.IntRange(0, 7).Draw(t, "by hand") > 0 {
		m.matchLoan(t, l)
		return
	}
	rate := fmt.Sprintf("%d%% per year", rapid.IntRange(1, 13).Draw(t, "rate"))
	who, rest := m.party(t), max(1, l.Amount.Minor()-l.Raised)
	m.fund(who, amt(rest, l.Currency()))
	run(m, party(who), lending.PlaceBid{Loan: l.ID, Amount: amt(minor(t, rest+5), l.Currency()), Rate: named(l, rate)})
}

// answer lets a borrower say yes or no to less than he wanted.
func (m *machine) answer(t *rapid.T, l *lending.Loan) {
	if rapid.Bool().Draw(t, "no") {
		run(m, party(l.Borrower), lending.DeclineFunding{Loan: l.ID})
		return
	}
	run(m, party(l.Borrower), lending.AcceptFunding{Loan: l.ID})
}

// tender checks what every tender promises (I3): what is on hold is what the bids have, no lender is
// above his share or below his rate, the borrower never above the reserve, and the other way round he
// pays no more than they earn.
func (m *machine) tender(l *lending.Loan) {
	rules := &l.Product.Tender
	sums := map[lending.PartyID]int64{}
	total, weighted := int64(0), new(big.Int)
	for _, b := range l.Bids {
		sums[b.Lender] += b.Amount
		total += b.Amount
		n := big.NewInt(b.Amount)
		weighted.Add(weighted, n.Mul(n, big.NewInt(b.Pico)))
	}
	captured := len(l.Lots) > 0
	for p, n := range sums {
		if held := m.desks[0].follow.Ledger().Balance(lending.Hold(p, l.ID), l.Currency()); !captured && held != -n && held != n {
			m.t.Fatalf("loan %s (%s): %s has %d on hold for bids of %d", l.ID, l.State, p, held, n)
		}
	}
	switch l.State {
	case lending.StateApplied, lending.StateApproved, lending.StateDeclined, lending.StateScheduled, lending.StateOpen,
		lending.StateFailed, lending.StateReturned, lending.StateWithdrawn, lending.StateLapsed:
		return
	}
	if l.State != lending.StateOffered && total != l.Amount.Minor() || total > l.Amount.Minor() {
		m.t.Fatalf("loan %s (%s): %d taken for %s", l.ID, l.State, total, l.Amount)
	}
	if l.Rate.Pico() > l.Reserve.Pico() {
		m.t.Fatalf("loan %s bears %s, above %s", l.ID, l.Rate, l.Reserve)
	}
	for p, n := range sums {
		if rules.MaxShare > 0 && n > max(1, l.Wanted.Minor()*rules.MaxShare/lending.Million) {
			m.t.Fatalf("loan %s: %s has %d of %s", l.ID, p, n, l.Wanted)
		}
	}
	for _, b := range l.Bids {
		if b.Amount > 0 && !rules.Mechanism.OwnRates() && b.Pico > l.Rate.Pico() {
			m.t.Fatalf("loan %s: a lender who wants %d earns %s", l.ID, b.Pico, l.Rate)
		}
	}
	if rules.Mechanism.OwnRates() {
		pays := new(big.Int).Mul(big.NewInt(l.Rate.Pico()), big.NewInt(total))
		if pays.Sub(pays, weighted).CmpAbs(big.NewInt(total)) >= 0 {
			m.t.Fatalf("loan %s: the borrower pays %s, the bids come to another rate", l.ID, l.Rate)
		}
	}
	m.weights(l)
}

// weights checks that lots share interest in proportion to what their holders named.
func (m *machine) weights(l *lending.Loan) {
	if !l.Product.Tender.Mechanism.OwnRates() || l.State != lending.StateReviewed {
		return
	}
	var want []lending.Bid // one a lender and rate, in the order of the lots
	for _, b := range l.Bids {
		i, found := slices.BinarySearchFunc(want, b, func(x, y lending.Bid) int {
			return cmp.Or(cmp.Compare(x.Lender, y.Lender), cmp.Compare(x.Pico, y.Pico))
		})
		if b.Amount > 0 && !found {
			want = slices.Insert(want, i, lending.Bid{Lender: b.Lender, Pico: b.Pico})
		}
		if b.Amount > 0 {
			want[i].Amount += b.Amount
		}
	}
	if len(want) != len(l.Lots) {
		m.t.Fatalf("loan %s: %d lots of %d lenders and rates", l.ID, len(l.Lots), len(want))
	}
	for i, x := range l.Lots {
		b := want[i]
		if x.Holder != b.Lender || x.Units != b.Amount || x.Weight*want[0].Pico != l.Lots[0].Weight*b.Pico {
			m.t.Fatalf("loan %s: lot %+v of bids %+v", l.ID, x, b)
		}
	}
}
