package lending

import (
	"errors"
	"fmt"
	"slices"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// Origination rules how loans of a product come about, from the application to the payout (进件与审核).
// Each rule is off at its zero value. A loan copies them with its product when it is applied for.
type Origination struct {
	// Documents is the checklist of what has to be in a borrower's file (资料清单).
	Documents []Requirement
	// ExpiryDays is how long an application waits to be published, counted from the day on which the
	// borrower last sent it in; it lapses on the day after, from which on nothing takes it further. 0 for as long as it takes.
	ExpiryDays int
	// Uses are the uses of the money (借款用途) that a borrower may state, Forbidden those that he may
	// not. A loan of a product that has either list is published with its use stated alone.
	Uses, Forbidden []Code
	// MaxOpen is how many loans of the product a borrower may have asked for or owe at once. 0 for
	// any number.
	MaxOpen int
	// MaxExposure is the most that a borrower may have asked for or owe in the product's currency,
	// this loan included (敞口上限). Zero for no limit.
	MaxExposure money.Amount
	// Workflow is the way to the credit decision (审批流程).
	Workflow Workflow
	// ContractRequired keeps the money back until the contract is signed on both sides.
	ContractRequired bool
}

// maxOpen bounds how many loans of one borrower are counted.
const maxOpen = 100

// check reports every contradiction at once.
func (o *Origination) check(c money.Currency) error {
	var errs []error
	if o.ExpiryDays < 0 || o.ExpiryDays > maxDays {
		errs = append(errs, &Error{ErrTerms, "expiry", fmt.Sprintf("after %d days", o.ExpiryDays)})
	}
	if o.MaxOpen < 0 || o.MaxOpen > maxOpen {
		errs = append(errs, &Error{ErrTerms, "open loans",
			fmt.Sprintf("at most %d a borrower, want 0 to %d", o.MaxOpen, maxOpen)})
	}
	if !o.MaxExposure.IsZero() {
		errs = append(errs, positive("exposure", o.MaxExposure, c))
	}
	for i, u := range o.Uses {
		if i < maxNames && slices.Contains(o.Forbidden, u) {
			errs = append(errs, &Error{ErrTerms, "use " + string(u), "is both allowed and forbidden"})
		}
	}
	errs = append(errs, checkNames("use", o.Uses), checkNames("forbidden use", o.Forbidden),
		checkRequirements(o.Documents), o.Workflow.check(c))
	return errors.Join(errs...)
}

func (o *Origination) clone() Origination {
	n := *o
	n.Documents = slices.Clone(o.Documents)
	n.Uses, n.Forbidden = slices.Clone(o.Uses), slices.Clone(o.Forbidden)
	n.Workflow = o.Workflow.clone()
	return n
}

func (o *Origination) code(c *event.Codec) {
	event.List(c, &o.Documents, func(c *event.Codec, r *Requirement) { r.code(c) })
	c.Count(&o.ExpiryDays)
	codeTexts(c, &o.Uses)
	codeTexts(c, &o.Forbidden)
	c.Count(&o.MaxOpen)
	c.Amount(&o.MaxExposure)
	o.Workflow.code(c)
	c.Bool(&o.ContractRequired)
}

func codeTexts(c *event.Codec, p *[]Code) {
	event.List(c, p, func(c *event.Codec, t *Code) { event.Text(c, t) })
}

// checkUse refuses a stated use that the product does not lend for.
func (o *Origination) checkUse(use Code) error {
	if use == "" {
		return nil
	}
	if err := checkID("use", use); err != nil {
		return err
	}
	if slices.Contains(o.Forbidden, use) || len(o.Uses) > 0 && !slices.Contains(o.Uses, use) {
		return &Error{ErrUse, "use " + string(use), "the product does not lend for it"}
	}
	return nil
}

// usable refuses a loan whose use has to be stated and is not.
func (o *Origination) usable(use Code) error {
	if use == "" && len(o.Uses)+len(o.Forbidden) > 0 {
		return &Error{ErrUse, "use", "has to be stated before publication"}
	}
	return o.checkUse(use)
}

// Checkpoint is a moment on a loan's way before which something has to be there.
type Checkpoint uint8

// Checkpoints, in the order in which a loan meets them.
const (
	BeforeApproval Checkpoint = iota + 1
	BeforePublication
	BeforeDisbursement
)

var checkpointNames = [...]string{"", "approval", "publication", "disbursement"}

// String returns the name of what the checkpoint comes before.
func (c Checkpoint) String() string { return nameOf(checkpointNames[:], c, "checkpoint") }

// MarshalText returns the checkpoint's name.
func (c Checkpoint) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads a name. Any other text is an [ErrTerms] and leaves c as it was.
func (c *Checkpoint) UnmarshalText(text []byte) error {
	return readName(c, checkpointNames[:], text, "checkpoint")
}

// Dossier is what was gathered on a loan on its way to the payout (信贷档案).
type Dossier struct {
	Kind       PartyKind  // of the borrower
	Sent       civil.Date // when the borrower last sent the application in, or it was amended
	Use        Code       // of the money; empty while it is not stated
	Project    event.Hash // that it finances; zero for none
	Asked      []Code     // documents that an analyst asked for besides the product's
	Documents  []Document // newest of each, in the order in which they first came
	Conditions []Condition
	Stage      Code       // of the workflow, in which the application is; empty before a decision
	Entered    civil.Date // when it entered the stage
	Steps      []Step     // stages that it left
	OpenDays   int        // of the tender; 0 for the product's
	Contract   Signing
	Visit      FieldVerification // the last; zero for none
	Recorder   ActorID           // of the visit
	Failed     []event.Hash      // evidence of visits that were failed
}

func (f *Dossier) code(c *event.Codec) {
	event.Enum(c, &f.Kind)
	c.Date(&f.Sent)
	event.Text(c, &f.Use)
	c.Hash(&f.Project)
	codeTexts(c, &f.Asked)
	event.List(c, &f.Documents, func(c *event.Codec, d *Document) { d.code(c) })
	event.List(c, &f.Conditions, func(c *event.Codec, d *Condition) { d.code(c) })
	event.Text(c, &f.Stage)
	c.Date(&f.Entered)
	event.List(c, &f.Steps, func(c *event.Codec, s *Step) { s.code(c) })
	c.Count(&f.OpenDays)
	f.Contract.code(c)
	f.Visit.code(c)
	event.Text(c, &f.Recorder)
	codeHashes(c, &f.Failed)
}

// lapses is the day on which the application lapses, zero for never.
func (l *Loan) lapses() civil.Date {
	if l.Product.ExpiryDays == 0 {
		return civil.Date{}
	}
	return l.Dossier.Sent.AddDays(l.Product.ExpiryDays + 1)
}
