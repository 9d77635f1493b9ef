package lending

import (
	"errors"
	"fmt"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/money"
)

// GradeTerms is a line of a product's grade table (信用等级): what a loan of the grade may bear and
// how large it may be. A table lists the best grade first.
type GradeTerms struct {
	Grade     Code
	MinRate   schedule.Rate `json:",omitzero"` // bounds of the rate that an approval may set, inclusive
	MaxRate   schedule.Rate `json:",omitzero"`
	MaxAmount money.Amount  // of a loan; zero for the product's largest
	Outlook   Outlook       // what is expected of its loans
}

const maxGrades = 60

func (g *GradeTerms) code(c *event.Codec) {
	event.Text(c, &g.Grade)
	codeRate(c, &g.MinRate)
	codeRate(c, &g.MaxRate)
	c.Amount(&g.MaxAmount)
	g.Outlook.code(c)
}

// checkGrades reports every fault of the grade table: a better grade never pays more and never gets
// less, and no line goes beyond the product.
func (p *Product) checkGrades() error {
	var errs []error
	bad := func(ok bool, g *GradeTerms, format string, args ...any) {
		if !ok {
			errs = append(errs, &Error{ErrTerms, "grade " + string(g.Grade), fmt.Sprintf(format, args...)})
		}
	}
	if len(p.Grades) > maxGrades {
		return &Error{ErrTerms, "product " + string(p.ID), fmt.Sprintf("has more than %d grades", maxGrades)}
	}
	seen, before := map[Code]bool{}, GradeTerms{MinRate: p.MinRate, MaxRate: p.MinRate, MaxAmount: p.MaxAmount}
	for i := range p.Grades {
		g := &p.Grades[i]
		errs = append(errs, checkID("grade", g.Grade), g.Outlook.check(g.Grade))
		bad(!seen[g.Grade], g, "stands twice in the table")
		bad(g.MinRate.Basis() == p.MinRate.Basis() && g.MaxRate.Basis() == p.MinRate.Basis() &&
			g.MinRate.Pico() <= g.MaxRate.Pico() && g.MaxRate.Pico() <= p.MaxRate.Pico(), g,
			"bears %s to %s, the product %s to %s", text(g.MinRate), text(g.MaxRate), text(p.MinRate), text(p.MaxRate))
		bad(g.MinRate.Pico() >= before.MinRate.Pico() && g.MaxRate.Pico() >= before.MaxRate.Pico(), g,
			"bears less than a better grade")
		most := g.most(p)
		bad(most.Currency() == p.Currency && most.Sign() > 0 && most.Minor() >= p.MinAmount.Minor(), g,
			"is lent at most %s", most)
		bad(most.Minor() <= before.MaxAmount.Minor(), g, "is lent more than a better grade or the product")
		seen[g.Grade], before = true, *g
		before.MaxAmount = most
	}
	return errors.Join(errs...)
}

// most is the largest loan of a grade.
func (g *GradeTerms) most(p *Product) money.Amount {
	if g.MaxAmount.IsZero() {
		return p.MaxAmount
	}
	return g.MaxAmount
}

// graded refuses a grade that is malformed or not in the product's table, and a rate or an amount
// that the grade does not bear. Without a table any grade will do, none too.
func (p *Product) graded(grade Code, r schedule.Rate, a money.Amount) error {
	if len(p.Grades) == 0 {
		if grade == "" {
			return nil
		}
		return checkID("grade", grade)
	}
	for i := range p.Grades {
		g := &p.Grades[i]
		switch {
		case g.Grade != grade:
			continue
		case r.Pico() < g.MinRate.Pico() || r.Pico() > g.MaxRate.Pico():
			return &Error{ErrLimit, "rate " + text(r),
				fmt.Sprintf("grade %s bears %s to %s", grade, g.MinRate, g.MaxRate)}
		case a.Minor() > g.most(p).Minor():
			return &Error{ErrLimit, "amount " + a.String(), fmt.Sprintf("grade %s is lent at most %s", grade, g.most(p))}
		}
		return nil
	}
	if grade == "" {
		return &Error{ErrUnknown, "grade", "product " + string(p.ID) + " has a grade table: set Approve.Grade"}
	}
	return &Error{ErrUnknown, fmt.Sprintf("grade %.*s", MaxID, grade), "is not in the grade table of product " + string(p.ID)}
}
