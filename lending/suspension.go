package lending

import "fmt"

// Suspending is an optional power of a [Cover]: it says that nobody may sell a claim on a loan that it covers for
// the time being (暂停转让), as while the company that referred the loan is not active. It holds until the cover
// says otherwise, and binds no transfer by law or contract.
type Suspending interface {
	// Suspends refuses all sales. Like every slot it is pure over the Tx.
	Suspends(t *Tx, l *Loan) error
}

// Suspended refuses the sale of any claim on a loan while one of its covers suspends that, and names the cover.
func (t *Tx) Suspended(l *Loan) (cover Code, err error) {
	for _, v := range l.Product.Covers {
		if c, ok := t.cover(v.Name).(Suspending); ok {
			if err := c.Suspends(t, l); err != nil {
				return v.Name, fmt.Errorf("cover %s of loan %s: %w", v.Name, l.ID, err)
			}
		}
	}
	return "", nil
}
