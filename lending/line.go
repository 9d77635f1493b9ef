package lending

import (
	"errors"

	"github.com/loanweave/loanweave/lending/event"
)

// Line bounds what a party has out on loans besides the limits of its category (额度), as the facility of a
// fronting lender does. [Tx.MayLend] asks the lines of a desk's parts, so that no bid, match of an offer or
// purchase passes one unseen, however many lenders a loan has.
type Line interface {
	// Bears refuses a lender so many minor units more on a loan. Like every slot it is pure over the Tx.
	Bears(t *Tx, lender PartyID, l *Loan, minor int64) error
}

// bears refuses an amount beyond a line of the lender's.
func (t *Tx) bears(lender PartyID, l *Loan, minor int64) error {
	for _, p := range t.desk.cfg.Parts {
		for _, x := range p.Lines {
			if err := x.Bears(t, lender, l, minor); err != nil {
				return err
			}
		}
	}
	return nil
}

// wantLines loads at once what the lines of those who offer read.
func (t *Tx) wantLines(l *Loan, offers []StandingOffer) (wanted error) {
	for i := range offers {
		if err := t.bears(offers[i].Lender, l, 0); errors.Is(err, event.ErrWanted) {
			wanted = err
		}
	}
	return wanted
}
