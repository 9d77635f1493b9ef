package lending

import (
	"fmt"

	"github.com/loanweave/loanweave/lending/event"
)

// Outlook is what a platform expects of the loans of a grade when it prices them, in millionths. A loan
// copies it with its product, so that it can be held against what came of the loan and is never stated
// afterwards: see [Reports.OutcomeStatement]. The zero Outlook states nothing.
type Outlook struct {
	DefaultPPM int64 // of what is lent: the part that is owed when its loan comes into default, over the loans' life
	ReturnPPM  int64 // to lenders a year on the principal that is out, after fees and losses; may be below zero
}

// IsZero reports whether nothing is expected.
func (o Outlook) IsZero() bool { return o == Outlook{} }

func (o *Outlook) code(c *event.Codec) {
	c.Int(&o.DefaultPPM)
	c.Int(&o.ReturnPPM)
}

// check refuses what cannot come about: a default of more than was lent, a loss of more than all of it a
// year, a return beyond ten times it.
func (o Outlook) check(grade Code) error {
	if o.DefaultPPM < 0 || o.DefaultPPM > Million || o.ReturnPPM < -Million || o.ReturnPPM > 10*Million {
		return &Error{ErrTerms, "grade " + string(grade),
			fmt.Sprintf("expects defaults of %d and a return of %d millionths", o.DefaultPPM, o.ReturnPPM)}
	}
	return nil
}

// outlook is what was expected of a grade's loans.
func (p *Product) outlook(grade Code) Outlook {
	for i := range p.Grades {
		if p.Grades[i].Grade == grade {
			return p.Grades[i].Outlook
		}
	}
	return Outlook{}
}
