package lending

import (
	"fmt"
	"slices"
	"strings"
)

// Transition is a step of a loan's life that changes its state: an event of its stream, from one
// state to another.
type Transition struct {
	From  State // 0 before the application
	Event string
	To    State
}

// life is the whole of it. Every other event leaves the state as it is.
var life = [...]Transition{
	{0, LoanApplied{}.Type(), StateApplied},
	{StateApplied, LoanReturned{}.Type(), StateReturned},
	{StateApplied, LoanApproved{}.Type(), StateApproved},
	{StateApplied, LoanDeclined{}.Type(), StateDeclined},
	{StateApplied, ApplicationWithdrawn{}.Type(), StateWithdrawn},
	{StateApplied, ApplicationLapsed{}.Type(), StateLapsed},
	{StateReturned, LoanResubmitted{}.Type(), StateApplied},
	{StateReturned, LoanDeclined{}.Type(), StateDeclined},
	{StateReturned, ApplicationWithdrawn{}.Type(), StateWithdrawn},
	{StateReturned, ApplicationLapsed{}.Type(), StateLapsed},
	{StateApproved, LoanReturned{}.Type(), StateReturned},
	{StateApproved, LoanPublished{}.Type(), StateOpen},
	{StateApproved, LoanPublished{}.Type(), StateScheduled},
	{StateApproved, LoanDeclined{}.Type(), StateDeclined},
	{StateApproved, ApplicationWithdrawn{}.Type(), StateWithdrawn},
	{StateApproved, ApplicationLapsed{}.Type(), StateLapsed},
	{StateScheduled, TenderOpened{}.Type(), StateOpen},
	{StateScheduled, BidPlaced{}.Type(), StateOpen},
	{StateScheduled, BidPlaced{}.Type(), StateFullyFunded},
	{StateScheduled, ListingAmended{}.Type(), StateApproved},
	{StateScheduled, TenderFailed{}.Type(), StateFailed},
	{StateOpen, ListingAmended{}.Type(), StateApproved},
	{StateOpen, BidPlaced{}.Type(), StateFullyFunded},
	{StateOpen, BidHeld{}.Type(), StateFullyFunded},
	{StateOpen, TenderCleared{}.Type(), StateFullyFunded},
	{StateOpen, TenderCleared{}.Type(), StateOffered},
	{StateOffered, FundingAccepted{}.Type(), StateFullyFunded},
	{StateOffered, TenderFailed{}.Type(), StateFailed},
	{StateOpen, TenderFailed{}.Type(), StateFailed},
	{StateFullyFunded, FundingReviewed{}.Type(), StateReviewed},
	{StateFullyFunded, TenderFailed{}.Type(), StateFailed},
	{StateReviewed, DisbursementOrdered{}.Type(), StateDisbursing},
	{StateReviewed, LoanActivated{}.Type(), StateActive},
	{StateReviewed, FundingCancelled{}.Type(), StateFailed},
	{StateDisbursing, DisbursementEnded{}.Type(), StateReviewed},
	{StateDisbursing, LoanActivated{}.Type(), StateActive},
	{StateActive, Repaid{}.Type(), StateClosed},
	{StateActive, Rebooked{}.Type(), StateClosed},
	{StateActive, DebtWaived{}.Type(), StateClosed},
	{StateActive, GoodwillCredited{}.Type(), StateClosed},
	{StateActive, Refunded{}.Type(), StateClosed},
	{StateActive, CollateralPaid{}.Type(), StateClosed},
	{StateActive, LoanWrittenOff{}.Type(), StateWrittenOff},
	{StateClosed, Rebooked{}.Type(), StateActive},
	{StateClosed, Rebooked{}.Type(), StateWrittenOff},
	{StateClosed, CalledBack{}.Type(), StateActive},
	{StateWrittenOff, Repaid{}.Type(), StateClosed},
	{StateWrittenOff, Rebooked{}.Type(), StateClosed},
	{StateWrittenOff, Refunded{}.Type(), StateClosed},
	{StateWrittenOff, CollateralPaid{}.Type(), StateClosed},
	{StateWrittenOff, GoodwillCredited{}.Type(), StateClosed},
	{0, LoanAdopted{}.Type(), StateActive},
	{0, LoanAdopted{}.Type(), StateWrittenOff},
	{0, LoanAdopted{}.Type(), StateClosed},
}

// Life lists the transitions of a loan's life, in the order of its states.
func Life() []Transition { return slices.Clone(life[:]) }

// Ended reports whether nothing is owed or asked for any more. A closed loan whose last payment
// bounces comes back.
func (s State) Ended() bool {
	switch s {
	case StateDeclined, StateFailed, StateClosed, StateWithdrawn, StateLapsed:
		return true
	}
	return false
}

// LifeDiagram draws [Life] as a Mermaid state diagram.
func LifeDiagram() string {
	var b strings.Builder
	b.WriteString("stateDiagram-v2\n")
	node := func(s State) string { return strings.ReplaceAll(s.String(), "-", "_") }
	for s := StateApplied; int(s) < len(stateNames); s++ {
		fmt.Fprintf(&b, "    %s: %s\n", node(s), s)
	}
	for _, x := range life {
		from := "[*]"
		if x.From != 0 {
			from = node(x.From)
		}
		fmt.Fprintf(&b, "    %s --> %s: %s\n", from, node(x.To), x.Event)
	}
	for s := StateApplied; int(s) < len(stateNames); s++ {
		if s.Ended() {
			fmt.Fprintf(&b, "    %s --> [*]\n", node(s))
		}
	}
	return b.String()
}
