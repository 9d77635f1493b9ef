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

// served is how far interest and fees are from the interest to which the service fee belongs, in
// cents times ppm, and by how much rounding each payment's fee to the cent may move that. Interest and
// service fee accrue on the same principal over the same days, so they are to each other as their
// rates, whatever the days were: fee = interest x fee's rate / rate. Late fees bear no service fee, so
// they leave a difference above zero.
func (p *Published) served() (off, rounding int64) {
	told := p.Interest + p.LateFees
	return told*p.ServicePPM - p.ServiceFee*ppm(p.Rate), p.payments() * ppm(p.Rate)
}

// hiddenFees are late fees within what a tape tells as interest and fees.
type hiddenFees struct {
	some  bool  // there are, and rounding is too small to hide how many
	whole bool  // they are a whole number of fees
	count int64 // the nearest
}

// hiddenLateFees looks for late fees by what the service fee leaves of interest and fees.
func (p *Published) hiddenLateFees() (f hiddenFees) {
	fee := lateFee(p.Installment) * p.ServicePPM
	off, rounding := p.served()
	if f.some = off > rounding && 10*rounding < fee; f.some {
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

// publishedRules holds what the tapes tell against the rules, without any replay.
func publishedRules(loans []*Published) []FeeRule {
	late := FeeRule{Rule: "late fees a whole number of max($15, 5% of the instalment)"}
	recovery := FeeRule{Rule: "collection fee 18% of the recoveries"}
	service := FeeRule{Rule: "service fee 1% a year of the principal, within a cent a payment"}
	other := FeeRule{Rule: "service fee at another rate a year, of older loans, likewise"}
	never := FeeRule{Rule: "service fee at most that"}
	told := FeeRule{Rule: "else late fees, in whole, make the difference, where it can be told"}
	stage := FeeRule{Rule: "collection fees a whole number of 17% of the instalment"}
	bound := FeeRule{Rule: "collection fees at most 35% of all that was paid"}
	for _, p := range loans {
		if p.Platform == LendingClub {
			if p.LateFees > 0 {
				late.add(wholeNumber(p.LateFees, 100, lateFee(p.Installment)))
			}
			if p.CollectionFee > 0 {
				recovery.add(abs(p.CollectionFee*100-p.Recoveries*18) <= 100)
			}
			continue
		}
		off, rounding := p.served()
		if p.ServicePPM == onePercent {
			service.add(abs(off) <= rounding)
		} else {
			other.add(abs(off) <= rounding)
		}
		never.add(off >= -rounding)
		if fees := p.hiddenLateFees(); fees.some {
			told.add(fees.whole)
		}
		if p.CollectionFee > 0 {
			stage.add(wholeNumber(p.CollectionFee, 17, p.Installment))
			bound.add(p.CollectionFee*100 <= 35*(p.Principal+p.Interest+p.LateFees+p.Recoveries))
		}
	}
	return some(late, recovery, service, other, never, told, stage, bound)
}

// onePercent is in parts per million.
const onePercent = 10_000

// replayedRules holds what the replay kept of payments against the rules.
func replayedRules(deals []*deal) []FeeRule {
	payment := FeeRule{Rule: "replayed: 1% of each payment kept, within a cent a lender"}
	service := FeeRule{Rule: "replayed: service fee within 2% of the published one"}
	for _, d := range deals {
		switch {
		case d.Platform == LendingClub:
			off := d.received - d.service*100 // in hundredths of a cent
			payment.add(0 <= off && off < 100*max(1, d.lots))
		case d.ServiceFee > 0:
			service.add(abs(d.service-d.ServiceFee)*50 <= d.ServiceFee)
		}
	}
	return some(payment, service)
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
