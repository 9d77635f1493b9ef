package lending

// order lists components for whatever age.
func order(cs ...Component) (list []Bucket) {
	for _, c := range cs {
		list = append(list, Bucket{Component: c})
	}
	return list
}

// aged lists components at one age.
func aged(a Age, cs ...Component) (list []Bucket) {
	for _, c := range cs {
		list = append(list, Bucket{Age: a, Component: c})
	}
	return list
}

// CivilCode561 is the order of China's Civil Code, article 561, instalment by instalment: costs, then
// interest, then principal. Fees go with the costs, and penalty interest before ordinary interest.
func CivilCode561() Waterfall {
	return Waterfall{Order: order(Costs, Fees, Penalty, Interest, Principal)}
}

// CostsThenPrincipal takes recoveries of a loan that was written off: costs, then the principal of
// every instalment before anything else.
func CostsThenPrincipal() Waterfall {
	return Waterfall{Order: order(Costs, Principal, Interest, Penalty, Fees), ByBucket: true}
}

// TwelveBuckets is the order that Apache Fineract's progressive loans begin with (its advanced payment
// allocation): past due, due, in advance, and at each age penalty, fee, interest, principal. Costs,
// which it does not know, are in front.
func TwelveBuckets() Waterfall {
	var w Waterfall
	for a := AgePastDue; a <= AgeInAdvance; a++ {
		w.Order = append(w.Order, aged(a, Costs, Penalty, Fees, Interest, Principal)...)
	}
	return w
}

// DianrongContract is the order of a loan agreement of Dianrong (点融, 2013): other costs, penalty,
// interest and principal past due, then those of the current instalment.
func DianrongContract() Waterfall {
	w := Waterfall{Order: order(Costs, Fees, Penalty), ByBucket: true}
	w.Order = append(w.Order, aged(AgePastDue, Interest, Principal)...)
	w.Order = append(w.Order, aged(AgeDue, Interest, Principal)...)
	w.Order = append(w.Order, aged(AgeInAdvance, Interest, Principal)...)
	return w
}

// ManagedContract is the order of loan agreements with a fee for managing accounts (the template of
// the open platform Hermes, 借款协议): other fees, penalty, the fee for managing overdue accounts, interest
// and principal past due, the platform's fee past due, current interest, principal and the platform's
// fee. Platform and overdue name the two fees by their ids.
func ManagedContract(platform, overdue Code) Waterfall {
	w := Waterfall{ByBucket: true, Order: order(Costs, Fees, Penalty)}
	w.Order = append(w.Order, Bucket{Component: Fees, Fee: overdue})
	for a := AgePastDue; a <= AgeInAdvance; a++ {
		w.Order = append(w.Order, aged(a, Interest, Principal)...)
		w.Order = append(w.Order, Bucket{a, Fees, platform})
	}
	return w
}

// OriginatorRecovery is the order in which a marketplace of loan originators passes recoveries on
// (Mintos): fees, costs of servicing and enforcement, what investors are owed from the oldest
// instalment on, penalty interest last.
func OriginatorRecovery() Waterfall {
	return Waterfall{ByBucket: true, Order: order(Fees, Costs, Interest, Principal, Penalty)}
}
