package lending

import (
	"cmp"
	"errors"
	"math/big"
	"slices"

	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// OutcomeStatement holds what came of the loans against what was expected when they were priced (rule
// UK-3: by year of origination, which is [ByYear]). Each group has its defaults and its lenders' return so
// far, and beside them what the [Outlook] of each loan's grade said, over the loans that had one.
//
// A loan is in default from the first day on which an instalment has been unpaid for more than Days days,
// or on which it is written off; it counts as defaulted ever after. A year's return is what its lenders
// earned less what they lost, for each unit of principal and year of 365 days that it was out: until it
// came back, from the borrower or a cover, or was written off.
//
// Invariant: the lines partition the loans, so that every figure of Total but the rates is the sum of
// the lines'.
type OutcomeStatement struct {
	Currency money.Currency
	By       Dimension
	Days     int
	On       civil.Date
	Lines    []OutcomeLine // by their keys
	Total    OutcomeLine
}

// OutcomeLine is what came of a group of loans. Rates are in millionths, rounded once, a tie to the even one;
// zero where there is nothing to divide by.
type OutcomeLine struct {
	Key       string
	Lent      Volume
	Defaulted Volume // the amount is the principal that their borrowers owed when they came into default
	Expected  Volume // of Lent, loans of which something was expected

	Earned    money.Amount // interest and late charges that lenders received, less their fees
	Lost      money.Amount // principal that lenders of written-off loans still miss
	MinorDays ledger.Sum   // principal that was out, minor units x days, summed up

	DefaultPPM, ExpectedDefaultPPM int64 // Defaulted of Lent; by amount over Expected
	ReturnPPM, ExpectedReturnPPM   int64 // (Earned - Lost) x 365 of MinorDays; by amount over Expected
}

// outcome sums up an OutcomeLine.
type outcome struct {
	lent, defaulted, expected        volume
	earned, lost, minorDays          ledger.Sum
	expectedDefault, expectedReturns ledger.Sum // millionths x minor units
}

// OutcomeStatement draws the statement up for a day. Days is how long an instalment is unpaid before its
// loan is in default, 0 to 3,650. An unknown dimension or other Days are an [ErrTerms], a zero date an
// [ErrDate], a figure beyond [money.MaxMinor] a [money.ErrOverflow].
func (r *Reports) OutcomeStatement(c money.Currency, by Dimension, days int, on civil.Date) (OutcomeStatement, error) {
	out := OutcomeStatement{Currency: c, By: by, Days: days, On: on}
	if err := errors.Join(by.check(on), checkDefault(days)); err != nil {
		return out, err
	}
	groups, total := map[string]*outcome{}, new(outcome)
	for l := range r.lent(c) {
		p := r.pasts[l.ID]
		entry(groups, r.group(l, by)).add(l, p, days, on)
		total.add(l, p, days, on)
	}
	f := &figures{cur: c}
	for key, o := range groups {
		out.Lines = append(out.Lines, o.line(f, key))
	}
	out.Total = total.line(f, "")
	slices.SortFunc(out.Lines, func(a, b OutcomeLine) int { return cmp.Compare(a.Key, b.Key) })
	return out, f.err()
}

func checkDefault(days int) error {
	if days < 0 || days > maxDays {
		return &Error{ErrTerms, "default", "begins after 0 to 3650 days past due"}
	}
	return nil
}

func (o *outcome) add(l *Loan, p *past, days int, on civil.Date) {
	amount := l.Amount.Minor()
	o.lent.add(amount)
	if _, owed, ok := p.defaulted(l, days, on); ok {
		o.defaulted.add(owed)
	}
	if x := l.Product.outlook(l.Grade); !x.IsZero() {
		o.expected.add(amount)
		o.expectedDefault = o.expectedDefault.AddTimes(amount, x.DefaultPPM)
		o.expectedReturns = o.expectedReturns.AddTimes(amount, x.ReturnPPM)
	}
	earned := l.Received.Total() - l.Received[Principal]
	for i := range l.Lots {
		earned -= l.Lots[i].FeesPaid()
	}
	o.earned = o.earned.Add(earned)
	if l.State == StateWrittenOff {
		o.lost = o.lost.Add(l.principal().claim)
	}
	o.minorDays = p.out(l, on, o.minorDays)
}

// out adds the principal that the lenders had out each day, in minor units x days.
func (p *past) out(l *Loan, on civil.Date, sum ledger.Sum) ledger.Sum {
	start, end := l.Started, on
	if !p.off.IsZero() && p.off.Before(end) {
		end = p.off
	}
	days := func(d civil.Date) int64 {
		if d.After(end) {
			d = end
		}
		return int64(max(0, d.Sub(start)))
	}
	for _, m := range p.moves {
		sum = sum.AddTimes(m.claim, days(m.on))
	}
	return sum.AddTimes(l.principal().claim, days(end))
}

func (o *outcome) line(f *figures, key string) OutcomeLine {
	net := o.earned.Plus(o.lost.Neg()).Big()
	expected := o.expected.minor.Big()
	expected.Mul(expected, big.NewInt(Million))
	return OutcomeLine{
		Key: key, Lent: f.volume(o.lent), Defaulted: f.volume(o.defaulted), Expected: f.volume(o.expected),
		Earned: f.amount(o.earned), Lost: f.amount(o.lost), MinorDays: o.minorDays,
		DefaultPPM:         ppm(o.defaulted.minor, o.lent.minor),
		ExpectedDefaultPPM: ratio(o.expectedDefault.Big(), expected),
		ReturnPPM:          ratio(net.Mul(net, big.NewInt(365)), o.minorDays.Big()),
		ExpectedReturnPPM:  ratio(o.expectedReturns.Big(), expected),
	}
}

// AppendCSV appends the statement as CSV by RFC 4180: a header, one record a group, and one of the total
// whose dimension is "total", each ended by CR LF. Amounts are plain digits with all decimals of the
// currency.
func (s OutcomeStatement) AppendCSV(dst []byte) []byte {
	dst = append(dst, "by,key,currency,loans,lent,defaulted-loans,defaulted,expected-loans,expected-lent,earned,lost,"+
		"minor-days,default-ppm,expected-default-ppm,return-ppm,expected-return-ppm\r\n"...)
	line := func(by string, o *OutcomeLine) {
		dst = appendRecord(dst, by, o.Key, s.Currency.Code(), o.Lent.Loans, o.Lent.Amount, o.Defaulted.Loans,
			o.Defaulted.Amount, o.Expected.Loans, o.Expected.Amount, o.Earned, o.Lost, o.MinorDays,
			o.DefaultPPM, o.ExpectedDefaultPPM, o.ReturnPPM, o.ExpectedReturnPPM)
	}
	for i := range s.Lines {
		line(s.By.String(), &s.Lines[i])
	}
	line("total", &s.Total)
	return dst
}
