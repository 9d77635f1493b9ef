package lending

import "github.com/loanweave/loanweave/schedule/money"

// Portfolio is what a party has as a lender, in one currency.
type Portfolio struct {
	Party       PartyID
	Available   money.Amount // free cash
	Held        money.Amount // on hold for bids
	Owed        money.Amount // to the platform
	Lent        money.Amount // principal of loans that were disbursed
	Bought      money.Amount // principal of claims assigned to the party; the price is in what sold them
	Sold        money.Amount // principal of claims assigned away
	Principal   money.Amount // principal received
	Interest    money.Amount // received, before Fees, as are the next two
	Penalty     money.Amount // received, of a cover too on what it had advanced
	Charges     money.Amount // fees and costs that borrowers paid to lenders
	Fees        money.Amount // paid out of what was received
	Advanced    money.Amount // paid in a borrower's place as a cover
	Recovered   money.Amount // got back for it
	Outstanding money.Amount // claims in the register
	WrittenOff  money.Amount // claims in the written-off part of the register
	Promotions  money.Amount // paid by the platform on coupons
	Loans       int
}

// Portfolio reports on a party. One that was never heard of has nothing.
func (r *Reports) Portfolio(p PartyID, c money.Currency) Portfolio {
	a := func(minor int64) money.Amount { return amount(minor, c) }
	out := Portfolio{Party: p}
	w := r.wallets[WalletRef(p, c).ID]
	if w == nil {
		w = new(Wallet)
	}
	out.Available, out.Held, out.Owed = a(w.Available), a(w.HeldTotal()), a(w.Owed)
	t := r.lenders[holding{p, c}]
	if t == nil {
		t = new(tally)
	}
	out.Lent, out.Bought, out.Sold, out.Loans = a(t.lent), a(t.bought), a(t.sold), t.loans
	out.Principal, out.Interest = a(t.received[Principal]), a(t.received[Interest])
	out.Penalty, out.Fees = a(t.received[Penalty]), a(t.fees)
	out.Charges = a(t.received[Fees] + t.received[Costs])
	out.Advanced, out.Recovered, out.Promotions = a(t.advanced), a(t.recovered), a(t.promoted)
	claims, off := r.claims(p, c)
	out.Outstanding, out.WrittenOff = a(claims), a(off)
	return out
}

// AppendCSV appends the portfolio as CSV by RFC 4180: a header and one record, each ended by CR LF.
// Amounts are plain digits with all decimals of the currency.
func (p Portfolio) AppendCSV(dst []byte) []byte {
	dst = append(dst, "party,currency,available,held,owed,lent,bought,sold,principal,interest,penalty,charges,fees,"+
		"advanced,recovered,outstanding,written-off,promotions,loans\r\n"...)
	return appendRecord(dst, string(p.Party), p.Available.Currency().Code(), p.Available, p.Held, p.Owed, p.Lent,
		p.Bought, p.Sold, p.Principal, p.Interest, p.Penalty, p.Charges, p.Fees, p.Advanced, p.Recovered,
		p.Outstanding, p.WrittenOff, p.Promotions, p.Loans)
}

// claims sums what a party is owed over the loans.
func (r *Reports) claims(p PartyID, c money.Currency) (live, writtenOff int64) {
	for _, l := range r.loans {
		if l.Currency() != c || len(l.Dues) == 0 {
			continue
		}
		var sum int64
		for i := range l.Lots {
			if x := &l.Lots[i]; x.Holder == p {
				sum += x.Units - x.Paid[Principal]
			}
		}
		for _, v := range l.Advances {
			if v.Payer == p && v.Component == Principal {
				sum += v.Amount - v.Recovered
			}
		}
		if l.State == StateWrittenOff {
			writtenOff += sum
		} else {
			live += sum
		}
	}
	return live, writtenOff
}
