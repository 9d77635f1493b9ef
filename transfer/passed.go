package transfer

import (
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/money"
)

// Passed is an order that [MatchOrders] passed over because its buyer may not buy any more (跳过原因): he was
// frozen or excluded himself, his category has run out, he is over his facility, or the desk's authorizer or
// rules would not let him place it today. It keeps its place. It is told when the reason changes, without one
// when he may buy again.
type Passed struct {
	Order   int
	Refused lending.Code // as of [lending.CodeOf]; empty where he may
}

func (x *Passed) code(c *event.Codec) {
	c.Count(&x.Order)
	event.Text(c, &x.Refused)
}

func (b *Board) pass(x Passed) {
	if o := b.order(x.Order); o != nil {
		o.Refused = x.Refused
	}
}

// stillMay refuses an order whose buyer may not place it today, and notes why.
func (f *filling) stillMay(b BookBid) error {
	x, cur := f.board.order(b.Number), f.loan.Currency()
	left, err := money.New(x.Money, cur)
	if err != nil {
		return err
	}
	if err = f.tx.MayLend(x.Buyer, f.loan, 0); err == nil {
		err = f.tx.Vet(x.Buyer, PlaceOrder{Market: x.Market, Loan: f.loan.ID, PPM: x.PPM, Money: left,
			Expires: x.Expires, Days: x.Days, Least: x.Least})
	}
	if refused := lending.Code(lending.CodeOf(err)); refused != x.Refused && (err == nil || refusal(err)) {
		f.passed = append(f.passed, Passed{x.Number, refused})
	}
	return err
}
