package lending

import (
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/schedule/money"
)

// Levy is a fee that was charged.
type Levy struct {
	Fee   Code
	Minor int64
	Tax   int64 // of Minor, what the platform owes the tax office
}

// Levied is a fee that a party was paid, or the platform if it names none.
type Levied struct {
	Party PartyID
	Levy
}

func (v *Levy) code(c *event.Codec) {
	event.Text(c, &v.Fee)
	c.Int(&v.Minor)
	c.Int(&v.Tax)
}

func codeLevies(c *event.Codec, p *[]Levy) {
	event.List(c, p, func(c *event.Codec, v *Levy) { v.code(c) })
}

func codeLevied(c *event.Codec, p *[]Levied) {
	event.List(c, p, func(c *event.Codec, v *Levied) {
		event.Text(c, &v.Party)
		v.Levy.code(c)
	})
}

// levy is what the fee was charged, with the tax in it: rounded half up, a charge at a time.
func (f *Fee) levy(minor int64) Levy {
	tax, err := money.MulDiv(minor, f.TaxPPM, Million+f.TaxPPM, money.HalfUp)
	if err != nil {
		tax = 0 // no checked fee has such a rate
	}
	return Levy{f.ID, minor, tax}
}

// levy is what the platform was paid of a fee. One that the product does not know bears no tax.
func (p *Product) levy(fee Code, minor int64) Levy {
	for i := range p.Fees {
		if p.Fees[i].ID == fee {
			return p.Fees[i].levy(minor)
		}
	}
	return Levy{Fee: fee, Minor: minor}
}

// addLevy adds to what is charged of a fee.
func addLevy(list []Levy, v Levy) []Levy {
	for i := range list {
		if list[i].Fee == v.Fee {
			list[i].Minor += v.Minor
			list[i].Tax += v.Tax
			return list
		}
	}
	return append(list, v)
}

// levyFrom pays a fee out of a client account.
func (t *Tx) levyFrom(from ledger.Account, why ledger.Why, v Levied, cur money.Currency) error {
	to := ledger.FeesDue()
	if v.Party != "" {
		to = Avail(v.Party)
	}
	err := t.postAll(ledger.Move(ledger.Client, why, from, to, amount(v.Minor, cur)))
	if err != nil || v.Party != "" {
		return err
	}
	return t.earn(why, v.Levy, cur)
}

// ChargeFee pays what a fee of a satellite's came to out of a client account, in minor units: to the
// party that it names, or to the platform as income, less the tax in it. Nothing is no entry.
func (t *Tx) ChargeFee(f *Fee, minor int64, from ledger.Account, why ledger.Why, cur money.Currency) error {
	return t.levyFrom(from, why, Levied{f.Party, f.levy(minor)}, cur)
}

// earn books income that lies in the client account, and the tax in it.
func (t *Tx) earn(why ledger.Why, v Levy, cur money.Currency) error {
	return t.postAll(incomeEntry(why, v, 1, cur))
}

// unearn takes a fee back into a client account. A party that has not got it any more owes it.
func (t *Tx) unearn(to ledger.Account, v Levied, cur money.Currency) error {
	a := amount(v.Minor, cur)
	if v.Party != "" {
		return t.reclaim("fee-returned", v.Party, to, a)
	}
	return t.postAll(ledger.Move(ledger.Client, "fee-returned", ledger.FeesDue(), to, a),
		incomeEntry("fee-returned", v.Levy, -1, cur))
}

// incomeEntry is the platform's entry for a fee; sign -1 takes it back.
func incomeEntry(why ledger.Why, v Levy, sign int64, cur money.Currency) ledger.Entry {
	e := ledger.Entry{Book: ledger.Platform, Why: why, Currency: cur}
	e.Debit(ledger.FeesRcv(), sign*v.Minor)
	e.Credit(ledger.Income(ledger.Ref(v.Fee)), sign*(v.Minor-v.Tax))
	e.Credit(ledger.TaxDue(ledger.Ref(v.Fee)), sign*v.Tax)
	return e
}
