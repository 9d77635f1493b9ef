package lending_test

import (
	"testing"

	"github.com/loanweave/loanweave/lending"
)

func TestDuplicateFinancing(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("ann", "eve")
	do(w, officer, lending.DefineProduct{Product: standard()})
	mill := lending.Apply{Product: "std", Amount: amt(5000, cny), Periods: 1, Project: hash(1)}
	id := do(w, party("ann"), mill).Loan
	refuse(w, party("ann"), mill, lending.ErrDuplicateFinancing)
	refuse(w, party("eve"), mill, lending.ErrDuplicateFinancing)
	other := mill
	other.Project = hash(2)
	do(w, party("ann"), other)
	do(w, analyst, lending.Decline{Loan: id, Reason: "r"})
	do(w, party("eve"), mill)
	refuse(w, party("ann"), mill, lending.ErrDuplicateFinancing)
}
