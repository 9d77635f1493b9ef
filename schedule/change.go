package schedule

import (
	"slices"

	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// ChangeKind is what a Change does. The zero value is unset.
type ChangeKind uint8

// The kinds. Their texts are prepay, short, holiday, reschedule, resize, capitalise, waive, early and
// pay-off.
const (
	// ChangePrepay pays Amount on the day: the interest up to it, and principal with the rest. Effect
	// says what becomes of the instalments.
	ChangePrepay ChangeKind = iota + 1
	// ChangeShort pays Amount, which may be nothing, in place of the instalment that is due on the
	// day, interest first. What is missing falls due with the next instalment, and the principal in
	// it bears interest meanwhile.
	ChangeShort
	// ChangeHoliday lets the instalments due from the day to before Until off. Interest accrues, and
	// is paid with the next instalment; with Capitalise it is added to the balance on each of them.
	// Level payments are figured anew for those that are left.
	ChangeHoliday
	// ChangeReschedule replaces the instalments after the day by Count of them (zero: as many as are
	// left), the first due on First (zero: as planned), one Every (zero: as planned): a longer
	// term, re-ageing, another due date. Level payments are figured anew, unless it is to Keep them.
	ChangeReschedule
	// ChangeResize figures the level payment anew from the day on (re-amortising).
	ChangeResize
	// ChangeCapitalise adds the interest accrued and unpaid by the day to the balance, and figures
	// level payments anew.
	ChangeCapitalise
	// ChangeWaive takes Amount off the principal without being paid for it. Effect says what becomes
	// of the instalments.
	ChangeWaive
	// ChangeEarly pays the next Count instalments (zero: one) on the day, in full: the first with
	// interest up to it, those after it without. Their due dates stand, and interest runs on from the
	// day on what is then out.
	ChangeEarly
	// ChangePayOff pays off the loan on the day: everything that is out, and the interest up to it.
	ChangePayOff
)

const changeKinds = "prepay short holiday reschedule resize capitalise waive early pay-off"

// IsValid reports whether k is one of the kinds above.
func (k ChangeKind) IsValid() bool { return isWord(changeKinds, uint8(k)) }

// String gives the text of k, or ChangeKind(n) when it has none.
func (k ChangeKind) String() string { return wordOf("ChangeKind", changeKinds, uint8(k)) }

// MarshalText gives the text of k; an unset or unknown kind is a *SyntaxError.
func (k ChangeKind) MarshalText() ([]byte, error) {
	return marshalWord("ChangeKind", changeKinds, uint8(k))
}

// UnmarshalText reads what MarshalText wrote; k is untouched on error.
func (k *ChangeKind) UnmarshalText(text []byte) error {
	return unmarshalWord(k, "ChangeKind", changeKinds, text)
}

// Change is something that happens to a loan on a day, after what is due on it. Which fields mean
// something is said at its Kind; the others are zero.
type Change struct {
	On         civil.Date   `json:"on"`
	Kind       ChangeKind   `json:"kind"`
	Amount     money.Amount `json:"amount,omitzero"`
	Effect     Effect       `json:"effect,omitzero"`
	Until      civil.Date   `json:"until,omitzero"`
	Capitalise bool         `json:"capitalise,omitzero"`
	First      civil.Date   `json:"first,omitzero"`
	Every      Frequency    `json:"every,omitzero"`
	Count      int          `json:"count,omitzero"`
	Keep       bool         `json:"keep,omitzero"`
}

// equal reports whether both changes say the same; an amount of zero is none, in whatever currency.
func (c Change) equal(o Change) bool {
	if c.Amount.Sign() == 0 && o.Amount.Sign() == 0 {
		c.Amount, o.Amount = money.Amount{}, money.Amount{}
	}
	return c == o
}

func validateChanges(t *Terms, require requirer) {
	last := t.Start
	for i := range t.Changes {
		c := &t.Changes[i]
		require(!c.On.IsZero(), "Changes", "must each have a day")
		require(!c.On.Before(last), "Changes", "must go by days that do not fall, from Start")
		require(c.Kind.IsValid(), "Changes", "must each be "+oneOf(changeKinds))
		require(c.Effect.IsValid(), "Changes", "must have an effect of "+oneOf(effects))
		require(optional(t, c.Amount) && (c.Kind != ChangeWaive && c.Kind != ChangePrepay ||
			c.Amount.Sign() > 0), "Changes",
			"must be of amounts above zero in the currency of the principal")
		require((c.Kind == ChangeHoliday) == c.Until.After(c.On), "Changes",
			"must have a later Until for a holiday, and for it only")
		require(c.Kind == ChangeReschedule || c.First.IsZero() && c.Every.IsZero() && !c.Keep &&
			(c.Count == 0 || c.Kind == ChangeEarly), "Changes",
			"must have First, Every, Count and Keep to reschedule only")
		amounts := c.Kind == ChangePrepay || c.Kind == ChangeShort || c.Kind == ChangeWaive
		require(c.Amount.Sign() == 0 || amounts, "Changes", "must have an amount to prepay, short or waive only")
		require(c.Effect == 0 || c.Kind == ChangePrepay || c.Kind == ChangeWaive && c.Effect != EffectNext,
			"Changes", "must have an effect to prepay, or to waive, only")
		require(!c.Capitalise || c.Kind == ChangeHoliday, "Changes", "must capitalise in a holiday only")
		require(c.First.IsZero() || c.First.After(c.On), "Changes", "must reschedule to later days")
		require(c.Count >= 0 && c.Count <= MaxPeriods, "Changes", "must reschedule to 0 to 600 instalments")
		require(c.Every.unit != UnitTerm, "Changes", "must reschedule to a time")
		last = c.On
	}
	require(len(t.Changes) <= MaxPeriods, "Changes", "must be 600 at most")
	require(len(t.Changes) == 0 || !t.InAdvance && t.Method != MethodFlat &&
		t.Method != MethodSumOfDigits && t.Method != MethodCustom, "Changes",
		"are for methods that charge interest on the balance, in arrears, other than custom")
}

// Event is something that can happen to a plan: a RateStep, a Tranche, a Pause or a Change.
type Event interface {
	amend(t *Terms) // adds itself to the terms
	day() civil.Date
}

func (s RateStep) day() civil.Date { return s.From }
func (t Tranche) day() civil.Date  { return t.On }
func (c Change) day() civil.Date   { return c.On }
func (p Pause) day() civil.Date    { return p.To }

func (s RateStep) amend(t *Terms) {
	t.Rates = slices.DeleteFunc(slices.Clone(t.Rates), func(o RateStep) bool { return o.From == s.From })
	t.Rates = insert(t.Rates, s, RateStep.day)
}

func (t Tranche) amend(terms *Terms) {
	terms.Principal, _ = terms.Principal.Add(t.Amount)
	terms.Tranches = insert(terms.Tranches, t, Tranche.day)
}

func (c Change) amend(t *Terms) { t.Changes = insert(t.Changes, c, Change.day) }

// insert puts x behind all that is not later, into a copy of a list that goes by days.
func insert[E any](list []E, x E, day func(E) civil.Date) []E {
	i := 0
	for i < len(list) && !day(list[i]).After(day(x)) {
		i++
	}
	return slices.Insert(slices.Clone(list), i, x)
}

// Pause lets a loan bear no interest from one day to before another. Payments stay as they are; a
// change of rate that would have come in between counts from the end.
type Pause civil.Range

func (p Pause) amend(t *Terms) {
	after := RateStep{From: p.To, Rate: t.rateOn(p.To), Keep: true}
	t.Rates = slices.DeleteFunc(slices.Clone(t.Rates), func(s RateStep) bool {
		covered := civil.Range(p).Contains(s.From) || s.From == p.To
		after.Keep = after.Keep && (!covered || s.Keep) // what that would have figured anew still is
		return covered
	})
	none := Rate{basis: PerYear}
	t.Rates = insert(t.Rates, RateStep{From: p.From, Rate: none, Keep: true}, RateStep.day)
	t.Rates = insert(t.Rates, after, RateStep.day)
}

// rateOn is the rate in force on a day.
func (t *Terms) rateOn(day civil.Date) Rate {
	rate := t.Rate
	for _, step := range t.Rates {
		if !step.From.After(day) {
			rate = step.Rate
		}
	}
	return rate
}
