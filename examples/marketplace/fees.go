package main

// FeeRule is a rule of a platform's fees, and on how many loans the published figures follow it.
type FeeRule struct {
	Rule string `json:"rule"`
	Count
}

// payments is how many payments the money received makes up, at least one: each may round a fee by
// up to a cent.
func (p *Published) payments() int64 {
	paid := p.Principal + p.Interest + p.LateFees
	return max(1, (paid+p.Installment-1)/max(1, p.Installment))
}

// served is how far the interest, less what is given, is from that to which the service fee belongs,
// in cents times ppm; and by how much rounding may move it. Interest and service fee accrue on the
// same principal over the same days, so they are to each other as their rates, whatever the days
// were: fee = interest x fee's rate / rate.
func (p *Published) served(interest int64) (off, rounding int64) {
	return interest*p.ServicePPM - p.ServiceFee*ppm(p.Rate), p.payments() * ppm(p.Rate)
}

// followsService reports whether the service fee is the share of principal a year within a cent a
// payment, once late fees are taken out of what was told as interest and fees.
func (p *Published) followsService() bool {
	off, rounding := p.served(p.Interest)
	return abs(off) <= rounding
}

// lateFeesOf is what the service fee gives away of the late fees: what was told as interest, and bore
// no service fee.
type lateFeesOf struct {
	some  bool  // more than rounding explains, and known well enough to count fees
	whole bool  // a whole number of late fees
	count int64 // the nearest
}

// lateFees looks for late fees in what a tape tells as interest and fees.
func (p *Published) lateFees() (f lateFeesOf) {
	fee := lateFee(p.Installment) * p.ServicePPM
	off, rounding := p.served(p.Interest + p.LateFees)
	if f.some = off > rounding && 4*rounding < fee; f.some {
		f.count = (off + fee/2) / fee
		f.whole = f.count > 0 && abs(off-f.count*fee) <= rounding
	}
	return f
}

// wholeNumber reports whether a figure is a whole number of parts in so many hundredths of a base,
// each rounded to the cent.
func wholeNumber(figure, hundredths, base int64) bool {
	n := (figure*100 + hundredths*base/2) / max(1, hundredths*base)
	return n > 0 && abs(figure*100-n*hundredths*base) <= n*100
}

// clubFees counts LendingClub's rules.
func clubFees(deals []*deal) []FeeRule {
	late := FeeRule{Rule: "late fees a whole number of max($15, 5% of the instalment)"}
	recovery := FeeRule{Rule: "collection fee 18% of the recoveries"}
	payment := FeeRule{Rule: "1% of each payment kept, within a cent a lender (replayed)"}
	for _, d := range deals {
		if d.Platform != LendingClub {
			continue
		}
		if d.LateFees > 0 {
			fee := lateFee(d.Installment)
			n := (d.LateFees + fee/2) / fee
			late.add(n > 0 && abs(d.LateFees-n*fee) <= n)
		}
		if d.CollectionFee > 0 {
			recovery.add(abs(d.CollectionFee*100-d.Recoveries*18) <= 100)
		}
		off := d.received*1 - d.service*100
		payment.add(0 <= off && off < 100*d.lots)
	}
	return some(late, recovery, payment)
}

// prosperFees counts Prosper's rules.
func prosperFees(deals []*deal) []FeeRule {
	service := FeeRule{Rule: "service fee 1% a year of the principal, within a cent a payment"}
	never := FeeRule{Rule: "  at most that, late fees or not"}
	late := FeeRule{Rule: "  else a whole number of late fees is the difference, where it can be told"}
	collection := FeeRule{Rule: "collection fees a whole number of 17% of the instalment"}
	bound := FeeRule{Rule: "collection fees at most 35% of all that was paid"}
	replayed := FeeRule{Rule: "service fee replayed within 2% of the published one"}
	for _, d := range deals {
		if d.Platform != Prosper {
			continue
		}
		off, rounding := d.served(d.Interest + d.LateFees)
		service.add(abs(off) <= rounding)
		never.add(off >= -rounding)
		if fees := d.Published.lateFees(); fees.some {
			late.add(fees.whole)
		}
		if d.CollectionFee > 0 {
			paid := d.Principal + d.Interest + d.LateFees + d.Recoveries
			collection.add(wholeNumber(d.CollectionFee, 17, d.Installment))
			bound.add(d.CollectionFee*100 <= paid*35)
		}
		if d.ServiceFee > 0 {
			replayed.add(abs(d.service-d.ServiceFee)*50 <= d.ServiceFee)
		}
	}
	return some(service, never, late, collection, bound, replayed)
}

// some are the rules that a loan was held against.
func some(rules ...FeeRule) (kept []FeeRule) {
	for _, r := range rules {
		if r.Of > 0 {
			kept = append(kept, r)
		}
	}
	return kept
}
