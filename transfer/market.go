package transfer

import (
	"errors"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/money"
)

// maxStandDays bounds MaxDays and HoldDays of a market.
const maxStandDays = 3_660

// MarketTerms are the rules of a secondary market (二级市场规则) as data. They bind what is listed from then
// on; a listing keeps those under which it was made. When a claim may be sold at all is said by the
// loan's [lending.TransferRules]. Neither knows downgrades (评级下调): a loan keeps the grade of its approval,
// and nothing records another; a host that rates loans anew has its Rules refuse to list and to buy.
type MarketTerms struct {
	Currency money.Currency
	Buyer    lending.Fee // on the dirty price, on top of it; one without an id costs nothing; [lending.ByHost]
	Seller   lending.Fee // on the dirty price, out of it; [lending.ByHost] on [lending.OnAmount], as the buyer's
	Band     Band        // of the dirty price, by the claim's fair value
	MaxDays  int         // a listing or an order stands so many days after its own at most, 0 to 3,660
	HoldDays int         // since the seller got the claim (持有期), 0 to 3,660
	LastDays int         // nothing stands so many days before a loan's last due date, nor on it (末期不转让); 0 for no such days, to 3,660
	MinSlice int64       // the smallest that a listing may name, in units; 1 or more
	Round    money.Mode  // of clean prices; accrued interest is rounded down
}

// Check reports everything that is wrong with the terms, as [ErrMarket]s and as [lending.Fee.Check] does.
func (m *MarketTerms) Check() error {
	var errs []error
	bad := func(wrong bool, format string, args ...any) {
		if wrong {
			errs = append(errs, refuse(ErrMarket, format, args...))
		}
	}
	bad(m.Currency.IsZero(), "it has no currency")
	bad(m.Band.Min < 0 || m.Band.Max < 0 || m.Band.Max > 0 && m.Band.Max < m.Band.Min, "its band is none")
	bad(m.MaxDays < 0 || m.MaxDays > maxStandDays, "listings stand 0 to %d days", maxStandDays)
	bad(m.HoldDays < 0 || m.HoldDays > maxStandDays, "holders wait 0 to %d days", maxStandDays)
	bad(m.LastDays < 0 || m.LastDays > maxStandDays, "the last payment is 0 to %d days near", maxStandDays)
	bad(m.MinSlice < 1 || m.MinSlice > money.MaxMinor, "its smallest slice must be 1 or more, and an amount")
	bad(!m.Round.IsValid(), "it has no rounding mode")
	for _, f := range [...]*lending.Fee{&m.Buyer, &m.Seller} {
		if f.ID == "" {
			bad(!free(f), "it has a fee without an id")
			continue
		}
		errs = append(errs, f.Check())
		bad(f.Timing != lending.ByHost, "fee %s: want timing %s", f.ID, lending.ByHost)
		bad(f.Payee == lending.ToLenders, "fee %s: a sale pays no lenders", f.ID)
	}
	return errors.Join(errs...)
}

// free reports whether a fee is none.
func free(f *lending.Fee) bool {
	return f.PPM == 0 && f.Fixed == 0 && f.Min == 0 && len(f.Steps) == 0
}

func (m *MarketTerms) code(c *event.Codec) {
	c.Currency(&m.Currency)
	m.Buyer.Code(c)
	m.Seller.Code(c)
	c.Int(&m.Band.Min)
	c.Int(&m.Band.Max)
	c.Count(&m.MaxDays)
	c.Count(&m.HoldDays)
	c.Count(&m.LastDays)
	c.Int(&m.MinSlice)
	event.Enum(c, &m.Round)
}

// Market is the state of a market stream.
type Market struct {
	ID    lending.Code // empty until it is defined
	Terms MarketTerms
}

// MarketDefined is the outcome of [DefineMarket].
type MarketDefined struct {
	Market lending.Code
	Terms  MarketTerms
	By     lending.ActorID
}

// Type implements event.Of.
func (MarketDefined) Type() string { return "defined" }

// Apply implements event.Of.
func (e MarketDefined) Apply(m *Market) { m.ID, m.Terms = e.Market, e.Terms }

// Code implements event.Coder.
func (e *MarketDefined) Code(c *event.Codec) {
	event.Text(c, &e.Market)
	e.Terms.code(c)
	event.Text(c, &e.By)
}

var marketKind = event.NewKind[Market]("market", nil, event.On[MarketDefined]())

// MarketRef refers to a market's stream.
func MarketRef(id lending.Code) event.Ref[Market] { return marketKind.Ref(string(id)) }

// DefineMarket opens a secondary market, or changes its terms for what is listed later. Given by an
// officer.
type DefineMarket struct {
	Market lending.Code
	Terms  MarketTerms
}

// Home implements Command.
func (c DefineMarket) Home(lending.Meta) event.Ref[Market] { return MarketRef(c.Market) }

// Allowed implements Command.
func (DefineMarket) Allowed() []lending.Role { return []lending.Role{lending.RoleOfficer} }

// Decide implements Command. It refuses a malformed id, terms that [MarketTerms.Check] finds fault with,
// and another currency than before.
func (c DefineMarket) Decide(t *lending.Tx, m *Market) (MarketDefined, error) {
	if !lending.ValidID(c.Market) {
		return MarketDefined{}, refuse(ErrMarket, "its id is not well formed")
	}
	if err := c.Terms.Check(); err != nil {
		return MarketDefined{}, err
	}
	if m.ID != "" && m.Terms.Currency != c.Terms.Currency {
		return MarketDefined{}, refuse(ErrMarket, "it cannot change its currency")
	}
	return MarketDefined{c.Market, c.Terms, t.Actor.ID}, nil
}
