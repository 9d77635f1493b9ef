package regulator

import (
	"fmt"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// Days of the Reserve Bank's directions, and their limits. A lakh is 100,000 rupees.
var (
	directionsFrom = civil.MustParse("2017-10-04")
	raisedFrom     = civil.MustParse("2019-12-23")
	tightenedFrom  = civil.MustParse("2024-08-16")

	tenLakh   = money.MustParse("INR 1000000.00")
	fiftyLakh = money.MustParse("INR 5000000.00")
	pairLimit = money.MustParse("INR 50000.00")
)

// longest is the longest maturity of a loan, in months.
const longest = 36

// India is the profile IN-2017: a peer-to-peer lending platform under the directions of the Reserve
// Bank of India. Limits bind loans in rupees.
func India(o Options) Profile { return Profile{"IN-2017", append(indiaLimits(o), indiaConduct()...)} }

func indiaLimits(o Options) []Rule {
	const first = "RBI NBFC-P2P directions of 4 October 2017 [R10]"
	const raised = "RBI circular of 23 December 2019 [R10]"
	return []Rule{
		{
			ID: "IN-1a", From: directionsFrom, To: raisedFrom, Effect: Refuse, Source: first,
			Text:  "a lender lends at most Rs 10 lakh over all platforms",
			Check: o.lent(tenLakh),
		},
		{
			ID: "IN-1b", From: raisedFrom, Effect: Refuse, Source: raised,
			Text:  "a lender lends at most Rs 50 lakh over all platforms",
			Check: o.lent(fiftyLakh),
		},
		{
			ID: "IN-1c", From: raisedFrom, Effect: Warn, Source: raised,
			Text:  "above Rs 10 lakh a lender shows an accountant's certificate of net worth",
			Check: o.lent(tenLakh),
		},
		{
			ID: "IN-1d", From: directionsFrom, Effect: Refuse, Source: first,
			Text:  "a borrower owes at most Rs 10 lakh over all platforms",
			Check: o.debt(tenLakh, true, lending.Person, lending.Company, lending.Vehicle),
		},
		{
			ID: "IN-1e", From: directionsFrom, Effect: Refuse, Source: first,
			Text:  "one lender has at most Rs 50,000 with one borrower",
			Check: lentTo(pairLimit),
		},
		{
			ID: "IN-1f", From: directionsFrom, Effect: Refuse, Source: first,
			Text:  "a loan runs at most 36 months",
			Check: maturity,
		},
		{
			ID: "IN-1g", From: directionsFrom, Effect: Refuse, Source: first,
			Text:  "loans are unsecured",
			Check: forbid(lending.FeatureCollateral),
		},
	}
}

func indiaConduct() []Rule {
	const first = "RBI NBFC-P2P directions of 4 October 2017 [R10]"
	const tightened = "RBI review of the directions of 16 August 2024 [R10]"
	return []Rule{
		{
			ID: "IN-2a", From: directionsFrom, Effect: Refuse, Source: first,
			Text: "no credit enhancement and no guarantee stands behind a loan",
			Check: forbid(lending.FeatureGuarantor, lending.FeatureOwnGuarantee,
				lending.FeatureOriginator, lending.FeatureProvisionFund),
		},
		{
			ID: "IN-2b", From: directionsFrom, Effect: Refuse, Source: first,
			Text:  "money moves through bank accounts, never in cash",
			Check: forbid(lending.FeatureCash),
		},
		{
			ID: "IN-2c", From: tightenedFrom, Effect: Refuse, Source: tightened,
			Text:  "the platform bears no credit risk",
			Check: forbid(lending.FeaturePlatformLender, lending.FeatureFrontingLender),
		},
		{
			ID: "IN-2d", From: tightenedFrom, Effect: Refuse, Source: tightened,
			Text:  "no lender is paid out of another lender's money",
			Check: forbid(lending.FeatureLenderReplacement, lending.FeaturePackaging),
		},
		{
			ID: "IN-2e", From: tightenedFrom, Effect: Refuse, Source: tightened,
			Text:  "lending is not promoted as an investment with an assured return",
			Check: forbid(lending.FeatureAssuredReturn),
		},
		{
			ID: "IN-2f", From: tightenedFrom, Effect: Refuse, Source: tightened,
			Text:  "money leaves the escrow account by the day after it came (T+1)",
			Check: escrow,
		},
	}
}

// maturity looks at the longest loan of a product, and at a loan as it is approved and paid out.
func maturity(c *Case) (string, error) {
	late := func(due civil.Date) string {
		last := c.Tx.On.AddMonths(longest)
		return unless(!due.After(last), fmt.Sprintf("the last instalment is due on %s, after %s", due, last))
	}
	if p := c.Product(); p != nil {
		plan, err := p.Terms(p.MaxAmount, p.MaxPeriods, p.MaxRate, c.Tx.On).Plan()
		if err != nil {
			return "", nil //nolint:nilerr // the loans of it are refused one by one
		}
		return late(plan.Maturity()), nil
	}
	l, err := c.Loan(AtApproval | AtDisbursement)
	if l == nil {
		return "", err
	}
	if plan, ok := c.plan(l); ok {
		return late(plan.Maturity()), nil
	}
	return "", nil
}

// escrow looks at the days for which a tender may keep the money of its first bid, which cannot come
// before it opens: to its last day, for as long as bids are revocable, and while the borrower is asked.
func escrow(c *Case) (string, error) {
	l, err := c.Loan(AtExtension)
	if err != nil {
		return "", err
	}
	if l != nil {
		until := c.Command.(lending.ExtendTender).Until
		return kept(&l.Product.Tender, until.Sub(l.Opens)), nil
	}
	p, err := c.terms(AtListing)
	if p == nil {
		return "", err
	}
	r := &p.Tender
	return kept(r, r.OpenDays+r.Extensions*r.ExtendDays), nil
}

// kept says how long a tender that is open for some days keeps its first bid, nothing if that is in time.
func kept(r *lending.Tender, open int) string {
	days := open + r.CancelDays + r.AnswerDays
	return unless(days <= 1, fmt.Sprintf("a tender may hold bids for %d days, beyond the next day", days))
}
