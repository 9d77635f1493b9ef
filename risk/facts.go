package risk

import (
	"cmp"
	"slices"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
)

// Bounds of a file.
const (
	maxFigures = 64
	maxFlags   = 64
	maxFigure  = 1 << 53
)

// Figure is one number that is known of an applicant: an income in minor units, an age in years, a
// count of enquiries. Its unit is the policy's own affair.
type Figure struct {
	Name  lending.Code
	Value int64 // -2^53 to 2^53
}

// Facts are what is known of an application, from checks that the host made.
type Facts struct {
	Figures  []Figure       // any order, each name once
	Flags    []lending.Code // what is true of the applicant, each once
	Evidence event.Hash     // of the documents or the answer of a bureau
	Until    civil.Date     // last day on which they count; zero for no end
}

// Figure returns a figure and whether it is known.
func (f *Facts) Figure(name lending.Code) (int64, bool) {
	for i := range f.Figures {
		if f.Figures[i].Name == name {
			return f.Figures[i].Value, true
		}
	}
	return 0, false
}

// Flag reports whether a flag is set.
func (f *Facts) Flag(name lending.Code) bool { return slices.Contains(f.Flags, name) }

// sorted is a copy in the order of names.
func (f Facts) sorted() Facts {
	f.Figures, f.Flags = slices.Clone(f.Figures), slices.Clone(f.Flags)
	slices.SortFunc(f.Figures, func(a, b Figure) int { return cmp.Compare(a.Name, b.Name) })
	slices.Sort(f.Flags)
	return f
}

// check refuses facts that are out of bounds or say something twice. They are sorted.
func (f *Facts) check() error {
	if len(f.Figures) > maxFigures || len(f.Flags) > maxFlags {
		return refuse(ErrFacts, "%d figures and %d flags, at most %d each", len(f.Figures), len(f.Flags), maxFigures)
	}
	for i, g := range f.Figures {
		if !lending.ValidID(g.Name) || g.Value < -maxFigure || g.Value > maxFigure {
			return refuse(ErrFacts, "figure %d is malformed or out of bounds", i)
		}
		if i > 0 && g.Name == f.Figures[i-1].Name {
			return refuse(ErrFacts, "figure %s is given twice", g.Name)
		}
	}
	for i, g := range f.Flags {
		if !lending.ValidID(g) {
			return refuse(ErrFacts, "flag %d is malformed", i)
		}
		if i > 0 && g == f.Flags[i-1] {
			return refuse(ErrFacts, "flag %s is given twice", g)
		}
	}
	return nil
}

// File is the state of an application's risk file (跟踪档案): what is known of it last.
type File struct {
	Loan  lending.LoanID
	Facts Facts
	On    civil.Date // when it was recorded
	By    lending.ActorID
	Count int // records so far; the stream keeps them all
}

// FactsRecorded is the outcome of [RecordFacts].
type FactsRecorded struct {
	Loan  lending.LoanID
	Facts Facts
	On    civil.Date
	By    lending.ActorID
}

// Type implements event.Of.
func (FactsRecorded) Type() string { return "facts" }

// Apply implements event.Of.
func (e FactsRecorded) Apply(f *File) {
	f.Loan, f.Facts, f.On, f.By = e.Loan, e.Facts, e.On, e.By
	f.Count++
}

// Code implements event.Coder.
func (e *FactsRecorded) Code(c *event.Codec) {
	event.Text(c, &e.Loan)
	event.List(c, &e.Facts.Figures, func(c *event.Codec, g *Figure) {
		event.Text(c, &g.Name)
		c.Int(&g.Value)
	})
	event.List(c, &e.Facts.Flags, func(c *event.Codec, g *lending.Code) { event.Text(c, g) })
	c.Hash(&e.Facts.Evidence)
	c.Date(&e.Facts.Until)
	c.Date(&e.On)
	event.Text(c, &e.By)
}

var fileKind = event.NewKind[File]("facts", nil, event.On[FactsRecorded]())

// FileRef refers to the risk file of a loan.
func FileRef(loan lending.LoanID) event.Ref[File] { return fileKind.Ref(string(loan)) }

// RecordFacts puts what is known of an application on its file; later facts replace earlier ones,
// which stay in the stream. The host has made the checks. Given by an analyst or the system.
type RecordFacts struct {
	Loan  lending.LoanID
	Facts Facts
}

// Home implements lending.Command.
func (c RecordFacts) Home(lending.Meta) event.Ref[File] { return FileRef(c.Loan) }

// Allowed implements lending.Command.
func (RecordFacts) Allowed() []lending.Role {
	return []lending.Role{lending.RoleAnalyst, lending.RoleSystem}
}

// Decide implements lending.Command. It refuses facts that are malformed or out of date, about a loan
// that does not exist (ErrFacts), or about the actor's own loan.
func (c RecordFacts) Decide(t *lending.Tx, _ *File) (FactsRecorded, error) {
	none := FactsRecorded{}
	l, err := event.Read(t.Tx, lending.LoanRef(c.Loan))
	if err != nil {
		return none, err
	}
	if l.ID == "" {
		return none, refuse(ErrFacts, "loan %s does not exist", c.Loan)
	}
	if lending.ActorID(l.Borrower) == t.Actor.ID {
		return none, refuse(ErrFacts, "nobody records facts about his own loan")
	}
	facts := c.Facts.sorted()
	if err := facts.check(); err != nil {
		return none, err
	}
	if !facts.Until.IsZero() && facts.Until.Before(t.On) {
		return none, refuse(ErrFacts, "they counted until %s", facts.Until)
	}
	return FactsRecorded{c.Loan, facts, t.On, t.Actor.ID}, nil
}
