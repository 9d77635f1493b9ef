package guarantee

import (
	"iter"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
)

// Key names a demand: one layer of covers of a loan, asked for one instalment.
type Key struct {
	Loan       lending.LoanID
	Layer      int // from 0, in the order of the product's covers
	Instalment int // from 0
}

func (k *Key) code(c *event.Codec) {
	event.Text(c, &k.Loan)
	c.Count(&k.Layer)
	c.Count(&k.Instalment)
}

func (k Key) loan() lending.LoanID { return k.Loan }

// readLoans reads the loan of each of a list, all at once.
func readLoans[T interface{ loan() lending.LoanID }](t *lending.Tx, list []T) ([]*lending.Loan, error) {
	ss := make([]event.Stream, len(list))
	for i, x := range list {
		ss[i] = lending.LoanRef(x.loan()).Stream()
	}
	if err := t.Want(ss...); err != nil {
		return nil, err
	}
	loans := make([]*lending.Loan, len(list))
	for i, x := range list {
		var err error
		if loans[i], err = event.Read(t.Tx, lending.LoanRef(x.loan())); err != nil {
			return nil, err
		}
	}
	return loans, nil
}

// Demand is what a cover was asked for and has not paid.
type Demand struct {
	Key
	Minor int64      // asked for and not paid by the cover, above zero; the borrower may have paid it since
	On    civil.Date // when the loan last asked
	Due   civil.Date // of a fund, the settlement it first takes part in; of others, the last day to pay
	// Disputed stops the clock of a guarantor's demand until the dispute is resolved.
	Disputed bool
	// Waited is the day on which a fund's round ended without the demand, as its loan could not be paid: it
	// takes part in none of that day.
	Waited civil.Date
}

// from is the first day on which a fund may pay the demand.
func (d *Demand) from() civil.Date { return later(d.Due, d.On) }

// Queue holds demands in the order in which they came. A demand that is made again keeps its place.
// The zero value is empty.
type Queue struct {
	list  []Demand // in order; one of zero has left
	at    map[Key]int
	loans map[lending.LoanID]int // demands of each
	total int64
	last  civil.Date // latest Due of all that came
}

// Len counts the demands.
func (q *Queue) Len() int { return len(q.at) }

// Total sums the demands in minor units.
func (q *Queue) Total() int64 { return q.total }

// Get returns a demand and whether it stands.
func (q *Queue) Get(k Key) (Demand, bool) {
	i, ok := q.at[k]
	if !ok {
		return Demand{}, false
	}
	return q.list[i], true
}

// All goes through the demands in order.
func (q *Queue) All() iter.Seq[Demand] {
	return func(yield func(Demand) bool) {
		for i := range q.list {
			if q.list[i].Minor > 0 && !yield(q.list[i]) {
				return
			}
		}
	}
}

// overdue lists the demands that should have been paid before a day.
func (q *Queue) overdue(on civil.Date) (list []Demand) {
	for d := range q.All() {
		if d.overdue(on) {
			list = append(list, d)
		}
	}
	return list
}

// first is the oldest demand.
func (q *Queue) first() (d Demand, ok bool) {
	for d := range q.All() {
		return d, true
	}
	return d, false
}

// put adds a demand, or changes one that stands; of zero or less it leaves.
func (q *Queue) put(d Demand) {
	if d.Minor <= 0 {
		q.drop(d.Key)
		return
	}
	if q.at == nil {
		q.at, q.loans = map[Key]int{}, map[lending.LoanID]int{}
	}
	i, ok := q.at[d.Key]
	if !ok {
		i = len(q.list)
		q.at[d.Key] = i
		q.loans[d.Loan]++
		q.list = append(q.list, Demand{})
	}
	q.total += d.Minor - q.list[i].Minor
	q.last = later(q.last, d.Due)
	q.list[i] = d
}

// set leaves a demand with what is still unpaid of it.
func (q *Queue) set(k Key, minor int64) {
	if d, ok := q.Get(k); ok {
		d.Minor = minor
		q.put(d)
	}
}

// wait has a demand take part in no round of a day.
func (q *Queue) wait(k Key, on civil.Date) {
	if i, ok := q.at[k]; ok {
		q.list[i].Waited = on
	}
}

// drop takes a demand out.
func (q *Queue) drop(k Key) {
	i, ok := q.at[k]
	if !ok {
		return
	}
	q.total -= q.list[i].Minor
	q.list[i] = Demand{}
	delete(q.at, k)
	if q.loans[k.Loan]--; q.loans[k.Loan] == 0 {
		delete(q.loans, k.Loan)
	}
	if gone := len(q.list) - len(q.at); gone > 64 && gone > len(q.at) {
		q.compact()
	}
}

// dropLoan takes all demands of a loan out.
func (q *Queue) dropLoan(id lending.LoanID) {
	if q.loans[id] == 0 {
		return
	}
	var keys []Key
	for d := range q.All() {
		if d.Loan == id {
			keys = append(keys, d.Key)
		}
	}
	for _, k := range keys {
		q.drop(k)
	}
}

func (q *Queue) compact() {
	kept := q.list[:0]
	for _, d := range q.list {
		if d.Minor > 0 {
			q.at[d.Key] = len(kept)
			kept = append(kept, d)
		}
	}
	clear(q.list[len(kept):])
	q.list = kept
}
