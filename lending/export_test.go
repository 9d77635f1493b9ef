package lending

import (
	"reflect"
	"strings"
)

// FieldsOf splits a list of words.
func FieldsOf(s string) []string { return strings.Fields(s) }

// AllEvents lists a zero value of every event type, in the order of kinds.
func AllEvents() []any {
	all := []any{
		PartyRegistered{}, PartyFrozen{}, ProductDefined{}, Moved{}, Owes{},
		PaymentInstructed{}, PaymentObserved{}, MoneyReceived{}, DepositReversed{}, PaymentSent{},
		PaymentParked{}, PaymentReleased{}, PayoutOpened{}, ChunkPaid{},
		LoanApplied{}, LoanApproved{}, LoanDeclined{}, LoanPublished{}, BidPlaced{}, TenderFailed{},
		FundingReviewed{}, FundingCancelled{}, DisbursementOrdered{}, DisbursementFailed{},
		LoanActivated{}, Repaid{}, PaymentReversed{}, CoverPaid{}, ClaimAssigned{}, LoanWrittenOff{}, DayEnded{},
	}
	types := 0
	for _, k := range Kinds() {
		types += len(k.Types())
	}
	if types != len(all) {
		panic("export_test.go does not list every event type of every kind")
	}
	return all
}

// KindOf names the stream kind of an event.
func KindOf(e any) string {
	typ := reflect.TypeOf(e).Name()
	switch {
	case strings.HasPrefix(typ, "Party"):
		return partyKind.Name()
	case typ == "ProductDefined":
		return productKind.Name()
	case typ == "Moved", typ == "Owes":
		return walletKind.Name()
	case strings.HasPrefix(typ, "PaymentReversed"):
		return loanKind.Name()
	case strings.HasPrefix(typ, "Payment"), typ == "MoneyReceived", typ == "DepositReversed":
		return paymentKind.Name()
	case typ == "PayoutOpened", typ == "ChunkPaid":
		return payoutKind.Name()
	}
	return loanKind.Name()
}
