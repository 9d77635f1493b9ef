package regulator

import (
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// Days of the rules for Chinese information intermediaries.
var (
	measuresFrom = civil.MustParse("2016-08-24") // Interim Measures
	cashFrom     = civil.MustParse("2017-12-01") // notice on cash loans
	cleanUpFrom  = civil.MustParse("2017-12-08") // notice on acceptance after rectification
)

// Limits on what one borrower owes, in yuan.
var (
	personHere  = money.MustParse("CNY 200000.00")
	personAll   = money.MustParse("CNY 1000000.00")
	companyHere = money.MustParse("CNY 1000000.00")
	companyAll  = money.MustParse("CNY 5000000.00")
)

const (
	limits       = "Interim Measures of 24 August 2016, art. 17 [R2]"
	lenders      = "Interim Measures of 24 August 2016, arts. 14 and 15 [R2]"
	cashLoans    = "notice on cash loans of 1 December 2017 [R11]"
	prohibitions = "Interim Measures of 24 August 2016, art. 10, item "
	redLines     = " (13 prohibitions) [R1]"
)

// ChinaIntermediary is the profile CN-2016: an online lending information intermediary
// (网络借贷信息中介机构), which brings lenders and borrowers together and is neither.
func ChinaIntermediary(o Options) Profile {
	return Profile{"CN-2016", append(append(chinaProhibitions(), chinaConduct()...), chinaLoans(o)...)}
}

// chinaProhibitions are the items that software can see to.
func chinaProhibitions() []Rule {
	rule := func(id lending.Code, from civil.Date, text, source string, fs ...lending.Feature) Rule {
		return Rule{
			ID: id, From: from, Effect: Refuse, Text: text, Source: prohibitions + source + redLines,
			Check: forbid(fs...),
		}
	}
	const start = ", from the clean-up of December 2017"
	return []Rule{
		{
			ID: "CN-2a", From: measuresFrom, Effect: Refuse, Source: prohibitions + "1" + redLines,
			Text:  "the platform and those related to it do not borrow on it",
			Check: selfFinancing,
		},
		rule("CN-2b", measuresFrom, "no lender's money is pooled", "2", lending.FeaturePooling),
		rule("CN-2c", measuresFrom, "the platform guarantees nothing and promises no return", "3",
			lending.FeatureOwnGuarantee, lending.FeatureAssuredReturn),
		rule("CN-2d", cleanUpFrom, "no provision fund is kept", "3"+start, lending.FeatureProvisionFund),
		rule("CN-2e", measuresFrom, "nothing is promoted off line", "4", lending.FeatureOfflinePromotion),
		rule("CN-2f", measuresFrom, "the platform does not lend", "5", lending.FeaturePlatformLender),
		rule("CN-2g", cleanUpFrom, "nobody lends first to sell the claims to lenders", "5"+start,
			lending.FeatureFrontingLender),
		rule("CN-2h", measuresFrom, "a loan's term is not split", "6", lending.FeatureTermSplitting),
		rule("CN-2i", measuresFrom, "claims are not packaged into products with a yield", "7",
			lending.FeaturePackaging, lending.FeatureWealthProduct),
		rule("CN-2j", measuresFrom, "claims are not securitised or sold as packages", "8",
			lending.FeatureSecuritisation),
		{
			ID: "CN-2k", From: measuresFrom, Effect: Refuse, Source: prohibitions + "11" + redLines,
			Text:  "no loan pays for shares, futures or structured products",
			Check: either(forbid(lending.FeatureSpeculativeUse), used(UseShares, UseFutures, UseStructured)),
		},
		{
			ID: "CN-2o", From: measuresFrom, Effect: Refuse,
			Text:   "an information intermediary has no guarantor and no collateral behind its loans",
			Source: "Interim Measures of 24 August 2016, art. 3 (no credit enhancement) [R2]",
			Check: forbid(lending.FeatureGuarantor, lending.FeatureOriginator,
				lending.FeatureCollateral),
		},
	}
}

// chinaConduct are the items that software can only flag.
func chinaConduct() []Rule {
	rule := func(id lending.Code, item, text string, f lending.Feature) Rule {
		return Rule{
			ID: id, From: measuresFrom, Effect: Warn, Text: text,
			Source: prohibitions + item + redLines, Check: forbid(f),
		}
	}
	return []Rule{
		rule("CN-2l", "9", "lending is not mixed with other institutions' business",
			lending.FeatureMixedBusiness),
		rule("CN-2m", "10", "nothing untrue or one-sided is promoted", lending.FeatureFalsePromotion),
		rule("CN-2n", "12", "no equity crowdfunding", lending.FeatureEquityFunding),
	}
}

// chinaLoans are the rules on borrowers, lenders and the money that is handed over.
func chinaLoans(o Options) []Rule {
	return []Rule{
		{
			ID: "CN-1a", From: measuresFrom, Effect: Refuse, Source: limits,
			Text:  "a natural person owes at most 200,000 yuan on one platform",
			Check: o.debt(personHere, false, lending.Person),
		},
		{
			ID: "CN-1b", From: measuresFrom, Effect: Refuse, Source: limits,
			Text:  "a natural person owes at most 1,000,000 yuan over all platforms",
			Check: o.debt(personAll, true, lending.Person),
		},
		{
			ID: "CN-1c", From: measuresFrom, Effect: Refuse, Source: limits,
			Text:  "a legal person owes at most 1,000,000 yuan on one platform",
			Check: o.debt(companyHere, false, lending.Company, lending.Vehicle),
		},
		{
			ID: "CN-1d", From: measuresFrom, Effect: Refuse, Source: limits,
			Text:  "a legal person owes at most 5,000,000 yuan over all platforms",
			Check: o.debt(companyAll, true, lending.Company, lending.Vehicle),
		},
		{
			ID: "CN-3a", From: measuresFrom, Effect: Refuse, Source: lenders,
			Text: "a lender's identity is verified",
			Check: ofLender(func(f figures, on civil.Date) bool { return f.party.IdentifiedOn(on) },
				"is not identified"),
		},
		{
			ID: "CN-3b", From: measuresFrom, Effect: Refuse, Source: lenders,
			Text: "a lender's tolerance of risk is tested",
			Check: ofLender(func(f figures, on civil.Date) bool { return f.party.AppropriateOn(on) },
				"has passed no test: see lending.RecordAppropriateness"),
		},
		{
			ID: "CN-3c", From: measuresFrom, Effect: Warn, Source: lenders,
			Text: "a lender lends money of his own",
			Check: ofLender(func(f figures, _ civil.Date) bool { return !f.wallet.InDebt() },
				"owes on a loan of this platform himself"),
		},
		{
			ID: "CN-8", From: cashFrom, Effect: Refuse,
			Text:   "nothing is deducted from the principal up front",
			Source: cashLoans + "; SPC provisions, art. 26 [LL]",
			Check:  deduction,
		},
		{
			ID: "CN-3d", From: measuresFrom, Effect: Refuse,
			Text:   "a borrower does not lend the money on",
			Source: "Interim Measures of 24 August 2016, art. 13 [R2]",
			Check:  used(UseLending),
		},
		{
			ID: "CN-9a", From: cashFrom, Effect: Refuse, Source: cashLoans,
			Text:  "a loan states what it is for",
			Check: stated,
		},
		{
			ID: "CN-9b", From: cashFrom, Effect: Refuse, Source: cashLoans,
			Text:  "no loan makes a down payment",
			Check: used(UseDownPayment),
		},
	}
}

// selfFinancing looks for the feature, and for a borrower who is related to the platform.
func selfFinancing(c *Case) (string, error) {
	l, f, err := c.borrower()
	if err != nil {
		return "", err
	}
	if l != nil && f.party.Related {
		return "borrower " + string(l.Borrower) + " is related to the platform", nil
	}
	return forbid(lending.FeatureSelfFinancing)(c)
}

// ofLender returns the check of something that must hold of whoever bids.
func ofLender(holds func(figures, civil.Date) bool, why string) check {
	return func(c *Case) (string, error) {
		b, err := c.bid()
		if err != nil || b.loan == nil {
			return "", err
		}
		return unless(holds(b.figures, c.Tx.On), "lender "+string(b.lender)+" "+why), nil
	}
}

// deduction looks for fees that are withheld from the principal.
func deduction(c *Case) (string, error) {
	p, err := c.terms(AtListing | AtDisbursement)
	if p == nil {
		return "", err
	}
	for _, f := range p.Fees {
		if f.Timing == lending.AtDisbursement {
			return "fee " + string(f.ID) + " is withheld from the principal", nil
		}
	}
	return "", nil
}
