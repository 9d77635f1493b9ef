package lending

import (
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule"
)

// LoanFilter says which loans a mandate takes. Every part has to hold; a zero part holds always.
// Bounds are inclusive.
type LoanFilter struct {
	MinAmount, MaxAmount int64 // of the whole loan, minor units, to MaxLoan
	// MinRate and MaxRate are of one basis; a rate of another basis is not taken. Where bids name
	// rates, MinRate is also the rate that the mandate's bids name, rounded up to the tender's step;
	// without one they name the most that the loan bears.
	MinRate, MaxRate     schedule.Rate `json:",omitzero"`
	MinMonths, MaxMonths int           // of the term, to 1,200
	Grades               []Code
	Products             []ProductID
	Covered              bool   // only loans behind which at least one cover stands
	Covers               []Code // only loans behind which at least one of these stands
}

func (f *LoanFilter) code(c *event.Codec) {
	c.Int(&f.MinAmount)
	c.Int(&f.MaxAmount)
	codeRate(c, &f.MinRate)
	codeRate(c, &f.MaxRate)
	c.Count(&f.MinMonths)
	c.Count(&f.MaxMonths)
	event.List(c, &f.Grades, event.Text[Code])
	event.List(c, &f.Products, event.Text[ProductID])
	c.Bool(&f.Covered)
	event.List(c, &f.Covers, event.Text[Code])
}

// filter is a LoanFilter packed into 64 bytes, each part a bound or a word that always means
// something, so that a loan is held against it without a branch.
type filter struct {
	minAmount, maxAmount     int64
	minPico, maxPico         int64
	grades, products, covers int64
	minMonths, maxMonths     uint16
	bases                    uint8 // bit b for rates of basis b
}

// traits are what filters look at in a loan, in the same terms.
type traits struct {
	amount, pico, months     int64
	grades, products, covers int64
	bases                    int64
}

// outside is negative if a figure of the loan is out of the filter's range. All differences are of
// figures from 0 to 2^47, so none overflows.
func (f *filter) outside(t *traits) int64 {
	return (t.amount - f.minAmount) | (f.maxAmount - t.amount) |
		(t.pico - f.minPico) | (f.maxPico - t.pico) |
		(t.months - int64(f.minMonths)) | (int64(f.maxMonths) - t.months)
}

// lacks is negative if a name of the loan is not among the filter's. No word has its highest bit, so
// a word less one is negative for 0 alone.
func (f *filter) lacks(t *traits) int64 {
	return (int64(f.bases)&t.bases - 1) | (f.grades&t.grades - 1) |
		(f.products&t.products - 1) | (f.covers&t.covers - 1)
}

// why says which part does not take the loan, 0 if all do.
func (f *filter) why(t *traits) Skip {
	switch {
	case t.amount < f.minAmount || t.amount > f.maxAmount:
		return SkipAmount
	case t.pico < f.minPico || t.pico > f.maxPico || int64(f.bases)&t.bases == 0:
		return SkipRate
	case t.months < int64(f.minMonths) || t.months > int64(f.maxMonths):
		return SkipTerm
	case f.grades&t.grades == 0:
		return SkipGrade
	case f.products&t.products == 0:
		return SkipProduct
	case f.covers&t.covers == 0:
		return SkipCover
	}
	return 0
}

// filter packs a filter and notes its names.
func (q *Queue) filter(f *LoanFilter) filter {
	enter(&q.grades, f.Grades)
	enter(&q.products, f.Products)
	enter(&q.covers, f.Covers)
	return q.filterOf(f)
}

// filterOf packs a filter whose names are noted.
func (q *Queue) filterOf(f *LoanFilter) filter {
	p := filter{
		minAmount: f.MinAmount, maxAmount: f.MaxAmount,
		minPico: f.MinRate.Pico(), maxPico: f.MaxRate.Pico(),
		minMonths: uint16(f.MinMonths), maxMonths: uint16(f.MaxMonths),
		grades: takes(&q.grades, f.Grades), products: takes(&q.products, f.Products),
		covers: takes(&q.covers, f.Covers), bases: 1<<8 - 1,
	}
	if f.MaxAmount == 0 {
		p.maxAmount = MaxLoan
	}
	if f.MaxMonths == 0 {
		p.maxMonths = maxMonths
	}
	if f.MaxRate.IsZero() {
		p.maxPico = schedule.MaxPico
	}
	if basis := max(f.MinRate.Basis(), f.MaxRate.Basis()); basis != 0 {
		p.bases = 1 << basis
	}
	if f.Covered {
		p.covers &^= nothing
	}
	return p
}

// traits puts a loan in the terms of the filters.
func (q *Queue) traits(w *Wanted) traits {
	t := traits{
		amount: w.Amount, pico: w.Rate.Pico(), months: int64(w.Months), grades: nothing,
		products: wordOf(&q.products, w.Product), covers: wordOfAll(&q.covers, w.Covers),
		bases: 1 << w.Rate.Basis(),
	}
	if w.Grade != "" {
		t.grades = wordOf(&q.grades, w.Grade)
	}
	return t
}
