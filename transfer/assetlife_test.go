package transfer_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/daycount"
	"github.com/loanweave/loanweave/schedule/money"
	"github.com/loanweave/loanweave/transfer"
)

// The parties of a sale: bob lent the loan, zoe is the investor, kim an intermediary before her. Amounts
// are EUR in the cases and CNY here, both with cents.
const originator, investor, intermediary lending.PartyID = "bob", "zoe", "kim"

// open is the last day of what has not ended.
var open = date("9999-12-31")

// assetRecord is a row of Fineract's asset transfers, made from our events alone: a listing is a pending
// sale or a buyback, a purchase makes an active one, and what was withdrawn or lapsed says so.
type assetRecord struct {
	status, kind     string
	listing          transfer.Listing
	from, to, settle civil.Date
	totals           *assetMove
}

func (r *assetRecord) field(name string) string {
	figure := func(n func(*assetMove) int64) string {
		if r.totals == nil {
			return ""
		}
		return cents(n(r.totals))
	}
	switch name {
	case "settlementdate":
		return r.settle.String()
	case "purchasepriceratio":
		return decimal.New(r.listing.Ask.PPM, -6).String()
	case "status":
		return r.status
	case "effectivefrom":
		return r.from.String()
	case "effectiveto":
		return r.to.String()
	case "transaction_type":
		return r.kind
	case "totalprincipaloutstanding":
		return figure(func(m *assetMove) int64 { return m.principal })
	case "totalinterestoutstanding":
		return figure(func(m *assetMove) int64 { return m.interest })
	case "totalfeechargesoutstanding":
		return figure(func(m *assetMove) int64 { return m.fees })
	case "totalpenaltychargesoutstanding":
		return figure(func(m *assetMove) int64 { return m.penalties })
	case "totaloutstanding":
		return figure(func(m *assetMove) int64 { return m.principal + m.receivable() })
	}
	return "no such column"
}

func cents(minor int64) string { return decimal.New(minor, -2).StringFixed(2) }

// assetMove is what went with a title: principal by the register, and what the loan owes besides.
type assetMove struct {
	from, to                             lending.PartyID
	principal, interest, fees, penalties int64
	accrued                              int64 // interest to the day, as the sale prices it
	on                                   civil.Date
}

func (m *assetMove) receivable() int64 { return m.interest + m.fees + m.penalties }

// journal has the rows of a lender's own books: account, side and amount each, sorted.
type journal []string

const loans, receivable, clearing, interestIncome, feeIncome = "112601", "112603", "146000", "404000", "404007"

func (j *journal) post(account, side string, minor int64) {
	if minor != 0 {
		*j = append(*j, account+" "+side+" "+cents(minor))
		slices.Sort(*j)
	}
}

// assetLife replays a case.
type assetLife struct {
	*world
	t       *testing.T
	terms   *assetTerms
	id      lending.LoanID
	date    civil.Date // of business; the desk's day follows when something happens
	payable bool       // interest goes with a claim as far as it is accrued, not all that is outstanding
	pending int        // the record whose listing stands, by index and one
	active  int        // the record of who holds it now, likewise
	records []assetRecord
	moves   []assetMove
	paid    map[civil.Date][]int // numbers of payments by their day
	count   int
	moved   bool
	apart   int  // cents by which what is payable to date is above what the sale prices
	partial bool // a journal of the case lists only some of its rows
}

func newAssetLife(t *testing.T, c *assetCase) *assetLife {
	w := newWorld(t, lending.Config{Parts: []lending.Part{transfer.Part()}})
	return &assetLife{world: w, t: t, terms: &c.Terms, paid: map[civil.Date][]int{}}
}

func (l *assetLife) today()             { l.day = l.date }
func (l *assetLife) now() *lending.Loan { return l.loan(l.id) }

// lend brings the loan to its plan, with the originator as the one lender.
func (l *assetLife) lend(s *assetStep) {
	l.today()
	for _, p := range []lending.PartyID{"ann", originator, investor, intermediary} {
		do(l.world, officer, lending.Register{Party: p, Kind: lending.Person})
		if p != "ann" {
			l.deposit(p, 1_000_000_00)
		}
	}
	m := free()
	m.MaxDays = 365
	do(l.world, officer, transfer.DefineMarket{Market: "m", Terms: m})
	percent := l.terms.Percent
	if l.terms.RatePeriod == "MONTH" {
		percent = percent.Mul(decimal.NewFromInt(12))
	}
	l.id = l.lent(l.product(), l.terms.Repayments, percent.String()+"% per year", map[lending.PartyID]int64{originator: minor(s.Amount)})
}

func (l *assetLife) product() lending.Product {
	f, p := l.terms, standard()
	require.Equal(l.t, "DECLINING_BALANCE", f.Type)
	p.Late, p.Transfers.Overdue, p.MaxRate = lending.Late{}, true, schedule.MustRate("100% per year")
	p.Every = map[string]func(int) schedule.Frequency{"DAY": schedule.Days, "MONTH": schedule.Months}[f.Unit](f.Every)
	p.Sizing = schedule.SizeByAccrual
	p.Rounding = schedule.Rounding{Instalment: money.HalfEven, Interest: money.HalfEven, Smooth: true, Grain: schedule.GrainPerDiem}
	p.DayCount, p.Accrual = daycount.ActActLast, schedule.AccrueByDays
	if f.Multiples != nil {
		p.Rounding.Unit = *f.Multiples * 100
	}
	require.True(l.t, f.Percent.IsZero() || f.Engine == "PROGRESSIVE" && f.DaysInYear == "ACTUAL" && f.Period == "DAILY",
		"terms that this replay does not carry")
	return p
}

func (l *assetLife) status() string {
	switch st := l.now().State; {
	case st == lending.StateActive:
		return "ACTIVE"
	case st == lending.StateClosed && l.free("ann") > 0: // more than was owed came in, and is his
		return "OVERPAID"
	case st == lending.StateClosed:
		return "CLOSED_OBLIGATIONS_MET"
	default:
		return st.String()
	}
}

// repay takes of what the borrower pays in what the loan is owed; the rest stays his.
func (l *assetLife) repay(s *assetStep) {
	l.today()
	l.deposit("ann", minor(s.Amount))
	a := amt(min(minor(s.Amount), l.now().Outstanding().Minor()))
	do(l.world, party("ann"), lending.Repay{Loan: l.id, Amount: a})
	l.deliver()
	l.count++
	l.paid[l.day] = append(l.paid[l.day], l.count)
	l.look()
}

// adjust takes a payment back and books another amount in its place.
func (l *assetLife) adjust(s *assetStep) {
	l.today()
	require.Equal(l.t, "1", s.Nth)
	do(l.world, officer, lending.ReversePayment{Loan: l.id, Payment: l.paid[s.Date][0], Reason: "adjusted"})
	l.deliver()
	l.repay(&assetStep{Amount: s.Amount})
}

// penal are the charges that Fineract calls penalties.
var penal = map[string]bool{"LOAN_NSF_FEE": true}

func (l *assetLife) charge(s *assetStep) {
	l.today()
	fee := lending.Code("fee")
	if penal[s.Charge] {
		fee = "penalty"
	}
	do(l.world, officer, lending.LevyCharge{Loan: l.id, Fee: fee, Component: lending.Fees, Amount: amt(minor(s.Amount)),
		Payee: lending.ToLenders, Due: s.Date, Reason: "step"})
}

// request lists the whole claim at par, by who holds it, to the day on which it is to be settled.
func (l *assetLife) request(data map[string]string) {
	l.today()
	holder := l.now().Lots[0].Holder
	r := assetRecord{status: "PENDING", kind: strings.ToUpper(data["transaction_type"])}
	switch {
	case r.kind == "BUYBACK" && holder == intermediary:
		r.status = "BUYBACK_INTERMEDIATE"
	case r.kind == "BUYBACK":
		r.status = "BUYBACK"
	case r.kind == "INTERMEDIARYSALE":
		r.status = "PENDING_INTERMEDIATE"
	}
	e := do(l.world, party(holder), transfer.ListClaim{Market: "m", Loan: l.id, Units: l.now().Lots[0].Units,
		Ask: transfer.Ask{PPM: lending.Million}, Expires: date(data["settlementdate"])})
	r.listing, r.from, r.to, r.settle = e.Listing, e.On, open, e.Listing.Expires
	l.records = append(l.records, r)
	l.pending = len(l.records)
}

func (l *assetLife) cancel() {
	l.today()
	r := &l.records[l.pending-1]
	e := do(l.world, party(r.listing.Seller), transfer.WithdrawListing{Loan: l.id, Listing: r.listing.Number})
	l.end("CANCELLED", r.from, e.On)
}

// end closes the pending record on a day, with a last one that says how.
func (l *assetLife) end(status string, from, on civil.Date) {
	r := &l.records[l.pending-1]
	r.to, l.pending = on, 0
	last := *r
	last.status, last.from = status, from
	l.records = append(l.records, last)
}

// look has the board looked at, as a day-end does, and takes in what lapsed.
func (l *assetLife) look() {
	if l.pending == 0 {
		return
	}
	for _, x := range do(l.world, timer, transfer.LookAtBoard{Loan: l.id}).Lapsed {
		require.Equal(l.t, l.records[l.pending-1].listing.Number, x.Number)
		switch x.Reason {
		case transfer.LoanEnded:
			l.end("DECLINED", l.day, l.day)
		case transfer.LoanMoved:
			l.moved = true
		default:
			l.t.Fatalf("the listing lapsed: %s", x.Reason)
		}
	}
}

// close ends the business of a day: what was to be settled before it is settled on its day.
func (l *assetLife) close() {
	if l.pending > 0 && l.records[l.pending-1].settle.Before(l.date) {
		l.day = l.records[l.pending-1].settle
		l.settlePending()
	}
	l.today()
	l.dayEnd()
	l.look()
}

func (l *assetLife) settlePending() {
	r := &l.records[l.pending-1]
	buyer := map[string]lending.PartyID{"SALE": investor, "BUYBACK": originator, "INTERMEDIARYSALE": intermediary}[r.kind]
	m := l.owing(r.listing.Seller, buyer)
	before := [2]int64{l.claim(m.from), l.claim(m.to)}
	s := do(l.world, party(buyer), buying(l.id, l.quote(l.id, r.listing.Number, r.listing.Units))).Sale
	require.Equal(l.t, [3]int64{m.principal, m.principal, m.accrued}, [3]int64{s.Principal, s.Clean, s.Accrued})
	require.Equal(l.t, [2]int64{before[0] - s.Principal, before[1] + s.Principal}, [2]int64{l.claim(m.from), l.claim(m.to)})
	require.Equal(l.t, buyer, l.now().Lots[0].Holder)
	l.moves = append(l.moves, m)
	r.to, l.pending = s.On, 0
	if l.active > 0 {
		l.records[l.active-1].to = s.On
		l.active = 0
	}
	if r.kind == "BUYBACK" {
		r.totals = &m
		return
	}
	next := *r // owners of Fineract own from the day after; ours from the sale on
	next.status = strings.Replace(r.status, "PENDING", "ACTIVE", 1)
	next.from, next.to, next.totals = s.On.AddDays(1), open, &m
	l.records = append(l.records, next)
	l.active = len(l.records)
}

// owing is what goes with the claim: all of it, by our claim's rows and the loan's charges for lenders.
func (l *assetLife) owing(from, to lending.PartyID) assetMove {
	loan := l.now()
	c, err := transfer.OfLot(loan, lending.Assignment{Units: loan.Lots[0].Units}, l.day)
	require.NoError(l.t, err)
	m := assetMove{from: from, to: to, principal: c.Principal(), accrued: c.Accrued, on: l.day}
	for _, row := range c.Rows {
		m.interest += row.Interest
	}
	for _, x := range loan.Charges {
		unpaid := x.Owed - x.Paid - x.Waived
		require.Equal(l.t, lending.ToLenders, x.Payee)
		if x.Fee == "penalty" {
			m.penalties += unpaid
		} else {
			m.fees += unpaid
		}
	}
	if l.payable { // to date, by the loan's terms; a claim's is its share of the instalment's, up to a cent apart
		require.True(l.t, loan.Dues[0].Date.After(l.day), "figured in the first period only")
		m.interest = loan.Plan.Accrued(l.day).Minor()
		require.InDelta(l.t, m.accrued, m.interest, 1)
		l.apart += int(m.interest - m.accrued)
	}
	return m
}

// claim is what the register says that a party has in the loan.
func (l *assetLife) claim(p lending.PartyID) int64 {
	return l.reports().Ledger().Balance(ledger.Claim(ledger.Owner(p), ledger.Ref(l.id)), cny)
}

// transferred is the journal of the latest transfer: out of the one owner's books, into the other's.
func (l *assetLife) transferred(status string) journal {
	m := l.moves[len(l.moves)-1]
	require.Equal(l.t, status == "BUYBACK", m.to == originator, status)
	j := journal{}
	for _, side := range [][2]string{{"CREDIT", "DEBIT"}, {"DEBIT", "CREDIT"}} {
		j.post(loans, side[0], m.principal)
		j.post(receivable, side[0], m.receivable())
		j.post(clearing, side[1], m.principal+m.receivable())
	}
	return j
}

// owned is the investor's own journal: what came with the title, what she earned while she had it, and
// what went with it.
func (l *assetLife) owned() journal {
	j := journal{}
	for i, m := range l.moves {
		switch investor {
		case m.to:
			j.post(loans, "DEBIT", m.principal)
			j.post(receivable, "DEBIT", m.receivable())
		case m.from:
			for day := l.moves[i-1].on; day.Before(m.on); day = day.AddDays(1) {
				earned := l.now().Plan.Accrued(day.AddDays(1)).Minor() - l.now().Plan.Accrued(day).Minor()
				j.post(receivable, "DEBIT", earned)
				j.post(interestIncome, "CREDIT", earned)
			}
			for _, x := range l.now().Charges {
				if x.On.After(l.moves[i-1].on) && !x.On.After(m.on) {
					j.post(receivable, "DEBIT", x.Owed)
					j.post(feeIncome, "CREDIT", x.Owed)
				}
			}
			j.post(loans, "CREDIT", m.principal)
			j.post(receivable, "CREDIT", m.receivable())
		}
	}
	return j
}
