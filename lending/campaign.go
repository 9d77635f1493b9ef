package lending

import (
	"fmt"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// Referral is the event for which a referrer gets his fee (推荐奖励).
type Referral uint8

// What a referral fee is for.
const (
	NoReferral    Referral = iota // the campaign pays no referrer
	FirstLoan                     // the referred party's first loan was paid out
	FirstInvested                 // the first loan that the referred party lent to was paid out
)

var referralNames = [...]string{"none", "first-loan", "first-invested"}

// String returns the event's name.
func (r Referral) String() string {
	if int(r) >= len(referralNames) {
		return fmt.Sprintf("referral %d", uint8(r))
	}
	return referralNames[r]
}

// CampaignTerms are the rules of a campaign (推广活动). A source recorded under it copies them, so
// that changing a campaign changes no one's fee.
type CampaignTerms struct {
	ID       Code
	Channel  Code // sales channel or partner (渠道)
	Currency money.Currency
	From     civil.Date // first day on which sources are recorded under it
	Until    civil.Date // last one; zero for no end
	Referral Referral
	// The fee is Fixed and PPM of what the borrower was lent or the lender lent, rounded down, and
	// at most Cap, in minor units; a Cap of zero is none.
	Fixed, PPM, Cap int64
}

// Fee is a referrer's fee for an amount in minor units, rounded down.
func (c *CampaignTerms) Fee(minor int64) int64 {
	part, err := money.MulDiv(max(0, min(minor, MaxLoan)), c.PPM, Million, money.Down)
	if err != nil {
		return 0
	}
	fee := min(c.Fixed+part, MaxLoan)
	if c.Cap > 0 {
		fee = min(fee, c.Cap)
	}
	return fee
}

// Validate refuses terms out of bounds, with an [*Error].
func (c *CampaignTerms) Validate() error {
	if err := checkID("campaign", c.ID); err != nil {
		return err
	}
	if err := checkID("channel", c.Channel); err != nil {
		return err
	}
	what := "campaign " + string(c.ID)
	switch {
	case c.Currency.IsZero():
		return &Error{ErrTerms, what, "names no currency"}
	case c.From.IsZero() || !c.Until.IsZero() && c.Until.Before(c.From):
		return &Error{ErrTerms, what, fmt.Sprintf("runs from %s until %s", c.From, c.Until)}
	case c.Referral > FirstInvested:
		return &Error{ErrTerms, what, "pays for " + c.Referral.String()}
	case c.Fixed < 0 || c.Fixed > MaxLoan || c.Cap < 0 || c.Cap > MaxLoan || c.PPM < 0 || c.PPM > Million:
		return &Error{ErrTerms, what, "has a fee out of bounds"}
	case (c.Referral == NoReferral) != (c.Fixed == 0 && c.PPM == 0):
		return &Error{ErrTerms, what, "pays a fee exactly when it says what for"}
	}
	return nil
}

func (c *CampaignTerms) code(k *event.Codec) {
	event.Text(k, &c.ID)
	event.Text(k, &c.Channel)
	k.Currency(&c.Currency)
	k.Date(&c.From)
	k.Date(&c.Until)
	event.Enum(k, &c.Referral)
	k.Int(&c.Fixed)
	k.Int(&c.PPM)
	k.Int(&c.Cap)
}

// Campaign is the state of a campaign.
type Campaign struct {
	Terms CampaignTerms
	Cost  int64 // acquisition cost booked, minor units
}

// CampaignDefined is the outcome of [DefineCampaign].
type CampaignDefined struct {
	Terms CampaignTerms
	By    ActorID
}

// Type implements event.Of.
func (CampaignDefined) Type() string { return "defined" }

// Apply implements event.Of.
func (e CampaignDefined) Apply(c *Campaign) { c.Terms = e.Terms }

// Code implements event.Coder.
func (e *CampaignDefined) Code(c *event.Codec) {
	e.Terms.code(c)
	event.Text(c, &e.By)
}

// CampaignCharged is the outcome of [ChargeCampaign].
type CampaignCharged struct {
	Campaign     Code
	Channel      Code
	Amount       money.Amount
	By, Approver ActorID
}

// Type implements event.Of.
func (CampaignCharged) Type() string { return "charged" }

// Apply implements event.Of.
func (e CampaignCharged) Apply(c *Campaign) { c.Cost += e.Amount.Minor() }

// Code implements event.Coder.
func (e *CampaignCharged) Code(c *event.Codec) {
	event.Text(c, &e.Campaign)
	event.Text(c, &e.Channel)
	c.Amount(&e.Amount)
	event.Text(c, &e.By)
	event.Text(c, &e.Approver)
}

var campaignKind = event.NewKind[Campaign]("campaign", nil, event.On[CampaignDefined](),
	event.On[CampaignCharged]())

// CampaignRef refers to a campaign's stream.
func CampaignRef(id Code) event.Ref[Campaign] { return campaignKind.Ref(string(id)) }

// DefineCampaign defines a campaign or replaces its terms for sources recorded later. Channel and
// currency are for ever. Given by an officer.
type DefineCampaign struct{ Terms CampaignTerms }

// Home implements Command.
func (c DefineCampaign) Home(Meta) event.Ref[Campaign] { return CampaignRef(c.Terms.ID) }

// Allowed implements Command.
func (DefineCampaign) Allowed() []Role { return []Role{RoleOfficer} }

// Decide implements Command.
func (c DefineCampaign) Decide(t *Tx, was *Campaign) (CampaignDefined, error) {
	if err := c.Terms.Validate(); err != nil {
		return CampaignDefined{}, err
	}
	if was.Terms.ID != "" && (was.Terms.Currency != c.Terms.Currency || was.Terms.Channel != c.Terms.Channel) {
		return CampaignDefined{}, &Error{ErrTerms, "campaign " + string(c.Terms.ID),
			"cannot change its channel or currency"}
	}
	return CampaignDefined{c.Terms, t.Actor.ID}, nil
}

// ChargeCampaign books what a campaign cost (获客成本): the platform's own money, out of its own bank
// account, as an expense of the campaign's channel. It needs an approver besides the actor. Given
// by an officer or a cashier.
type ChargeCampaign struct {
	Campaign Code
	Amount   money.Amount
}

// Home implements Command.
func (c ChargeCampaign) Home(Meta) event.Ref[Campaign] { return CampaignRef(c.Campaign) }

// Allowed implements Command.
func (ChargeCampaign) Allowed() []Role { return []Role{RoleOfficer, RoleCashier} }

// Decide implements Command.
func (c ChargeCampaign) Decide(t *Tx, s *Campaign) (CampaignCharged, error) {
	none := CampaignCharged{}
	if err := t.second(); err != nil {
		return none, err
	}
	if s.Terms.ID == "" {
		return none, &Error{ErrUnknown, "campaign " + string(c.Campaign), ""}
	}
	if err := positive("cost", c.Amount, s.Terms.Currency); err != nil {
		return none, err
	}
	if s.Cost > money.MaxMinor-c.Amount.Minor() {
		return none, &Error{ErrLimit, "campaign " + string(c.Campaign), "would have cost more than an amount can be"}
	}
	ev := CampaignCharged{c.Campaign, s.Terms.Channel, c.Amount, t.Actor.ID, t.Approver.ID}
	return ev, t.Post(ledger.Move(ledger.Platform, "acquisition-cost",
		ledger.Expense(ledger.Ref(s.Terms.Channel)), ledger.OwnBank(), c.Amount))
}
