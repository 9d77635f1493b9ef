package regulator

import (
	"fmt"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule/civil"
)

var crowdfundingFrom = civil.MustParse("2021-11-10")

// testMonths is how long an entry knowledge test holds.
const testMonths = 24

// Europe is the profile EU-2021: a crowdfunding service provider under Regulation (EU) 2020/1503.
// Sophisticated investors are those of [CategorySophisticated].
func Europe() Profile {
	const article = "Regulation (EU) 2020/1503, art. 21 [R8]"
	return Profile{"EU-2021", []Rule{
		{
			ID: "EU-2a", From: crowdfundingFrom, Effect: Warn, Source: article,
			Text:  "an investor who is not sophisticated has passed the entry knowledge test",
			Check: knowing,
		},
		{
			ID: "EU-2b", From: crowdfundingFrom, Effect: Refuse, Source: article,
			Text:  "the entry knowledge test is repeated every two years",
			Check: repeated,
		},
		{
			ID: "EU-2c", From: crowdfundingFrom, Effect: Warn, Source: article,
			Text:  "an investor who is not sophisticated acknowledges the risk at every order",
			Check: acknowledged,
		},
	}}
}

// knowing warns, and does not refuse, when the test was failed or is too old.
func knowing(c *Case) (string, error) {
	b, err := c.retail()
	if err != nil || b.loan == nil {
		return "", err
	}
	return b.untested(c.Tx.On), nil
}

func repeated(c *Case) (string, error) {
	r, ok := c.Command.(lending.RecordAppropriateness)
	last := c.Tx.On.AddMonths(testMonths)
	why := fmt.Sprintf("a test of today holds until %s, not %s", last, r.Result.Expires)
	return unless(!ok || !r.Result.Expires.After(last), why), nil
}

func acknowledged(c *Case) (string, error) {
	b, err := c.retail()
	if err != nil || b.loan == nil {
		return "", err
	}
	return "all of the money may be lost: accept this rule to say that the risk is understood", nil
}

// retail is [Case.bid] of an investor who is not sophisticated; a nil loan for others.
func (c *Case) retail() (bid, error) {
	b, err := c.bid()
	if err != nil || b.loan == nil || b.isOf(CategorySophisticated, c.Tx.On) {
		return bid{}, err
	}
	return b, nil
}
