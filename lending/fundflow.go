package lending

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// FundFlow is a statement of changes in funds (资金变动表) over the days from From up to To, without To:
// for each kind of account what stood on it, what came in and went out and why, and what stands on
// it then. Every figure is on the kind's normal side, so that money coming in is above zero on both
// assets and liabilities, and is the sum of ledger entries dated within the span.
//
// Invariants: Opening + In - Out = Closing for every kind; the closing of all kinds is the trial
// balance as of the day before To; a statement's closing is the opening of the next.
type FundFlow struct {
	Currency money.Currency
	From, To civil.Date
	Accounts []AccountFlow // in the order of the chart, those without any figure left out
}

// AccountFlow is the part of a statement for one kind of account.
type AccountFlow struct {
	Kind             ledger.Kind
	Opening, Closing money.Amount
	Lines            []FlowLine // by reason, in the order of their codes
}

// FlowLine is what moved for one reason. Neither figure is below zero.
type FlowLine struct {
	Why     ledger.Why
	In, Out money.Amount
}

// FundFlow draws the statement up from what the reports have folded, of days from one on and before
// another: for a month, from its first to the first of the next. The span must not be empty. It
// refuses with [money.ErrOverflow] where a figure is beyond [money.MaxMinor]: ask for a shorter span. It
// costs the movements of all days: one for each day, kind of account and reason, whatever their number
// of entries.
func (r *Reports) FundFlow(c money.Currency, from, to civil.Date) (FundFlow, error) {
	out := FundFlow{Currency: c, From: from, To: to}
	if from.IsZero() || !from.Before(to) {
		return out, &Error{ErrDate, "fund flow", "from " + from.String() + " to " + to.String() + " is no span"}
	}
	opening, lines := map[ledger.Kind]ledger.Sum{}, map[ledger.Kind]map[ledger.Why]*turnover{}
	for k, v := range r.records.moves {
		switch {
		case k.cur != c || !k.on.Before(to):
		case k.on.Before(from):
			opening[k.kind] = opening[k.kind].Plus(v.debit).Plus(v.credit.Neg())
		default:
			if lines[k.kind] == nil {
				lines[k.kind] = map[ledger.Why]*turnover{}
			}
			sum := entry(lines[k.kind], k.why)
			sum.debit, sum.credit = sum.debit.Plus(v.debit), sum.credit.Plus(v.credit)
		}
	}
	for k := ledger.KindBank; k.Book() != 0; k++ {
		if opening[k].Sign() == 0 && len(lines[k]) == 0 {
			continue
		}
		a, err := accountFlow(c, k, opening[k], lines[k])
		if err != nil {
			return FundFlow{Currency: c, From: from, To: to}, fmt.Errorf("fund flow of %s: %w", k, err)
		}
		out.Accounts = append(out.Accounts, a)
	}
	return out, nil
}

func accountFlow(
	c money.Currency, k ledger.Kind, opening ledger.Sum, lines map[ledger.Why]*turnover,
) (AccountFlow, error) {
	var errs []error
	figure := func(s ledger.Sum) money.Amount {
		a, err := money.New(s.Minor(), c)
		errs = append(errs, err)
		return a
	}
	normal := func(s ledger.Sum) money.Amount {
		if !k.Debit() {
			s = s.Neg()
		}
		return figure(s)
	}
	out, closing := AccountFlow{Kind: k, Opening: normal(opening)}, opening
	for why, v := range lines {
		in, off := v.debit, v.credit
		if !k.Debit() {
			in, off = off, in
		}
		closing = closing.Plus(v.debit).Plus(v.credit.Neg())
		out.Lines = append(out.Lines, FlowLine{why, figure(in), figure(off)})
	}
	out.Closing = normal(closing)
	slices.SortFunc(out.Lines, func(a, b FlowLine) int { return cmp.Compare(a.Why, b.Why) })
	return out, errors.Join(errs...)
}

// AppendCSV appends the statement as CSV by RFC 4180: a header, then for each kind of account a record
// "opening", one for each reason, and a record "closing", each ended by CR LF. Amounts are plain digits
// with all decimals of the currency; a reason that holds a comma, a quote or a line break is quoted.
func (f FundFlow) AppendCSV(dst []byte) []byte {
	dst = append(dst, "book,account,line,currency,in,out,balance\r\n"...)
	for _, a := range f.Accounts {
		head := func(line string) {
			dst = append(append(append(append(dst, a.Kind.Book().String()...), ','), a.Kind.String()...), ',')
			dst = append(append(append(appendField(dst, line), ','), f.Currency.Code()...), ',')
		}
		head("opening")
		dst = append(append(append(dst, ",,"...), a.Opening.Text()...), "\r\n"...)
		for _, l := range a.Lines {
			head(string(l.Why))
			dst = append(append(append(dst, l.In.Text()...), ','), l.Out.Text()...)
			dst = append(dst, ",\r\n"...)
		}
		head("closing")
		dst = append(append(append(dst, ",,"...), a.Closing.Text()...), "\r\n"...)
	}
	return dst
}
