package lending

import (
	"strconv"

	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// maxBuckets bounds a cash plan.
const maxBuckets = 3660

// CashPlan says which money is to come and to go (资金计划), as the books stand: the days from From up
// to To, without To, in buckets of one width. What is known to come or go without a day is ahead of
// them: it is what can happen at once.
//
// Invariant: the instalments of all live loans that fall due before To are in Overdue and the
// buckets, each once.
type CashPlan struct {
	Currency money.Currency
	From, To civil.Date

	Overdue     Expected     // due before From and unpaid
	Committed   money.Amount // of reviewed loans, to be paid out after fees, and of full tenders
	Disbursing  money.Amount // payouts of loans at the custodian, no end known
	Withdrawing money.Amount // parties' withdrawals at the custodian, no end known
	Buckets     []CashBucket
}

// Expected is what borrowers owe by their plans; booked late charges are not in it.
type Expected struct{ Principal, Interest money.Amount }

// CashBucket is one stretch of a cash plan, from From up to To, without To.
type CashBucket struct {
	From, To civil.Date
	Expected Expected
	Tenders  int          // tenders, open or announced, whose last day is in it
	Wanted   money.Amount // their amounts: what would be paid out, before fees, if all are filled
	Raised   money.Amount // of it, on hold in bids
}

// CashPlan draws the plan up. Width is that of a bucket, such as schedule.Days(1), Weeks(1) or
// Months(1); months run from From's day of the month. The last bucket ends at To. More than 3,660
// buckets are refused with [ErrLimit].
func (r *Reports) CashPlan(c money.Currency, from, to civil.Date, width schedule.Frequency) (CashPlan, error) {
	p := CashPlan{Currency: c, From: from, To: to}
	if err := p.cut(width); err != nil {
		return p, err
	}
	principal, interest := make([]int64, len(p.Buckets)+1), make([]int64, len(p.Buckets)+1)
	wanted, raised := make([]int64, len(p.Buckets)+1), make([]int64, len(p.Buckets)+1)
	var committed int64
	for _, id := range r.order {
		l := r.loans[id]
		switch {
		case l.Currency() != c:
		case l.State == StateActive:
			for i := range l.Dues {
				d := &l.Dues[i]
				if at := p.bucket(d.Date); at >= 0 {
					u := d.Unpaid()
					principal[at] += u[Principal]
					interest[at] += u[Interest]
				}
			}
		case l.State == StateReviewed:
			committed += l.toPayOut()
		case l.State == StateFullyFunded || l.State == StateOffered:
			committed += l.Raised
		case l.State == StateOpen || l.State == StateScheduled:
			if at := p.bucket(l.Deadline); at >= 0 {
				wanted[at] += l.Amount.Minor()
				raised[at] += l.Raised
				if at > 0 {
					p.Buckets[at-1].Tenders++
				}
			}
		}
	}
	p.Committed = amount(committed, c)
	p.Disbursing, p.Withdrawing = r.transit(PurposeDisburse, c), r.transit(PurposeWithdraw, c)
	p.Overdue = Expected{amount(principal[0], c), amount(interest[0], c)}
	for i := range p.Buckets {
		b := &p.Buckets[i]
		b.Expected = Expected{amount(principal[i+1], c), amount(interest[i+1], c)}
		b.Wanted, b.Raised = amount(wanted[i+1], c), amount(raised[i+1], c)
	}
	return p, nil
}

// cut makes the buckets.
func (p *CashPlan) cut(width schedule.Frequency) error {
	if p.From.IsZero() || !p.From.Before(p.To) || width.N() < 1 || width.Unit() == schedule.UnitTerm {
		return &Error{ErrDate, "cash plan", "wants a span of days, and buckets of so many days, weeks or months"}
	}
	for at := p.From; at.Before(p.To); {
		if len(p.Buckets) == maxBuckets {
			return &Error{ErrLimit, "cash plan", "has more than 3660 buckets"}
		}
		end := width.After(p.From, len(p.Buckets)+1)
		if !end.After(at) || end.After(p.To) {
			end = p.To // the calendar's end too
		}
		p.Buckets = append(p.Buckets, CashBucket{From: at, To: end})
		at = end
	}
	return nil
}

// bucket returns where a date falls: 0 before the plan, then its buckets, below zero after them.
func (p *CashPlan) bucket(on civil.Date) int {
	switch {
	case on.Before(p.From):
		return 0
	case !on.Before(p.To):
		return -1
	}
	lo, hi := 0, len(p.Buckets)
	for lo < hi {
		if mid := (lo + hi) / 2; on.Before(p.Buckets[mid].To) {
			hi = mid
		} else {
			lo = mid + 1
		}
	}
	return lo + 1
}

// toPayOut is what a reviewed loan's borrower is still to be paid.
func (l *Loan) toPayOut() int64 {
	if l.Charged {
		return l.Net - l.PaidOut
	}
	fees, err := l.Product.Upfront(l.Amount.Minor(), l.Periods)
	if err != nil || l.Product.Disbursement.Gross {
		fees = 0
	}
	return max(0, l.Amount.Minor()-fees)
}

// transit sums what lies in instructions of a purpose, as the ledger has it.
func (r *Reports) transit(p Purpose, c money.Currency) money.Amount {
	var sum int64
	for id, x := range r.records.payments {
		if x.Purpose == p {
			sum += r.ledger.Balance(ledger.OutTransit(ledger.Ref(id)), c)
		}
	}
	return amount(sum, c)
}

// AppendCSV appends the plan as CSV by RFC 4180: a header, a record without dates for what has no day,
// then one a bucket, each ended by CR LF. The first record has the overdue instalments; committed,
// disbursing and withdrawing are empty in the others. Amounts are plain digits with all decimals of
// the currency. No field needs quotes.
func (p CashPlan) AppendCSV(dst []byte) []byte {
	dst = append(dst, "from,to,currency,principal,interest,tenders,wanted,raised,committed,disbursing,withdrawing\r\n"...)
	code := p.Currency.Code()
	amounts := func(as ...money.Amount) {
		for _, a := range as {
			dst = append(append(dst, ','), a.Text()...)
		}
	}
	dst = append(append(dst, ",,"...), code...)
	amounts(p.Overdue.Principal, p.Overdue.Interest)
	dst = append(dst, ",,,"...)
	amounts(p.Committed, p.Disbursing, p.Withdrawing)
	dst = append(dst, "\r\n"...)
	for _, b := range p.Buckets {
		dst = append(append(append(dst, b.From.String()...), ','), b.To.String()...)
		dst = append(append(dst, ','), code...)
		amounts(b.Expected.Principal, b.Expected.Interest)
		dst = strconv.AppendInt(append(dst, ','), int64(b.Tenders), 10)
		amounts(b.Wanted, b.Raised)
		dst = append(dst, ",,,\r\n"...)
	}
	return dst
}
