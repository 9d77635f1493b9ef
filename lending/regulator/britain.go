package regulator

import (
	"fmt"
	"slices"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// Days of the Financial Conduct Authority's rules for peer-to-peer agreements.
var (
	retailFrom   = civil.MustParse("2019-12-09")
	frictionFrom = civil.MustParse("2023-02-01")
)

// restrictedPPM is the share of his net assets that a restricted investor may lend.
const restrictedPPM = 100_000

// Britain is the profile UK-2019: direct offers of peer-to-peer loans to investors in the United
// Kingdom. What net assets are is what the investor declared ([lending.Limits].NetWorth).
func Britain(o Options) Profile {
	const retail = "FCA PS19/14, in force from 9 December 2019 [R7]"
	const friction = "FCA PS22/10, in force from 1 February 2023 [FCA]"
	return Profile{"UK-2019", []Rule{
		{
			ID: "UK-1a", From: retailFrom, Effect: Refuse, Source: retail,
			Text:  "an investor without advice is certified or says of himself what kind he is",
			Check: classified,
		},
		{
			ID: "UK-1b", From: retailFrom, Effect: Refuse, Source: retail,
			Text:  "a restricted investor lends at most 10% of his net investable assets",
			Check: o.restricted,
		},
		{
			ID: "UK-2", From: retailFrom, Effect: Refuse, Source: retail,
			Text:  "an investor without advice has passed a test of appropriateness before his first order",
			Check: tested,
		},
		{
			ID: "UK-5a", From: frictionFrom, Effect: Refuse, Source: friction,
			Text:  "nobody is given an incentive to lend",
			Check: forbid(lending.FeatureIncentive),
		},
		{
			ID: "UK-5b", From: frictionFrom, Effect: Refuse, Source: friction,
			Text:  "24 hours pass between an investor's coming and his first order",
			Check: cooled,
		},
	}}
}

func classified(c *Case) (string, error) {
	b, err := c.bid()
	if err != nil || b.loan == nil {
		return "", err
	}
	kind, ok := b.party.CategoryOn(c.Tx.On)
	known := ok && slices.Contains([]lending.Code{CategoryRestricted, CategoryHighNetWorth,
		CategorySophisticated, CategorySelfCertified, CategoryAdvised}, kind.Name)
	return unless(known, "lender "+string(b.lender)+" has no investor category"), nil
}

func (o Options) restricted(c *Case) (string, error) {
	b, err := c.bid()
	if err != nil || b.loan == nil || !b.isOf(CategoryRestricted, c.Tx.On) {
		return "", err
	}
	declared, cur := b.party.Category.Limits.NetWorth, b.loan.Currency()
	if declared.Currency() != cur {
		return fmt.Sprintf("lender %s has declared no net assets in %s", b.lender, cur), nil
	}
	other, err := o.elsewhere(c.Tx, b.lender, Lent, cur)
	if err != nil {
		return "", err
	}
	most, err := money.MulDiv(declared.Minor(), restrictedPPM, lending.Million, money.Down)
	if err != nil {
		return "", err
	}
	limit, err := money.New(most, cur)
	return above("what "+string(b.lender)+" has lent", b.wallet.LentTotal()+b.minor+other, limit), err
}

func tested(c *Case) (string, error) {
	b, err := c.bid()
	if err != nil || b.loan == nil || b.isOf(CategoryAdvised, c.Tx.On) {
		return "", err
	}
	return b.untested(c.Tx.On), nil
}

// cooled counts civil days: an order waits for the day after the one on which the investor came. A
// host that knows the hours sends the order when they have passed.
func cooled(c *Case) (string, error) {
	b, err := c.bid()
	if err != nil || b.loan == nil {
		return "", err
	}
	why := fmt.Sprintf("lender %s came on %s, the first order can be on the next day", b.lender, b.party.Since)
	return unless(c.Tx.On.After(b.party.Since), why), nil
}
