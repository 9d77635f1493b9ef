package lending

import (
	"fmt"
	"slices"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
)

// maxFlags bounds the flags that one file has raised at a time.
const maxFlags = 64

// File is the state of the file kept on a party or a loan: the risk flags raised on it (风险标记). A
// flag is to be seen; what it forbids is a [Gate]'s or a [Rules]' business.
type File struct{ Flags []Flag }

// Flag is one risk flag.
type Flag struct {
	Code      Code
	Complaint ComplaintID // that gave rise to it; empty for none
	On        civil.Date
	By        ActorID
}

func (f *Flag) code(c *event.Codec) {
	event.Text(c, &f.Code)
	event.Text(c, &f.Complaint)
	c.Date(&f.On)
	event.Text(c, &f.By)
}

// FlagRaised is the outcome of [RaiseFlag].
type FlagRaised struct{ Flag Flag }

// Type implements event.Of.
func (FlagRaised) Type() string { return "raised" }

// Apply implements event.Of.
func (e FlagRaised) Apply(f *File) { f.Flags = append(f.Flags, e.Flag) }

// Code implements event.Coder.
func (e *FlagRaised) Code(c *event.Codec) { e.Flag.code(c) }

// FlagLifted is the outcome of [LiftFlag].
type FlagLifted struct {
	Flag Code
	On   civil.Date
	By   ActorID
}

// Type implements event.Of.
func (FlagLifted) Type() string { return "lifted" }

// Apply implements event.Of.
func (e FlagLifted) Apply(f *File) {
	f.Flags = slices.DeleteFunc(f.Flags, func(x Flag) bool { return x.Code == e.Flag })
}

// Code implements event.Coder.
func (e *FlagLifted) Code(c *event.Codec) {
	event.Text(c, &e.Flag)
	c.Date(&e.On)
	event.Text(c, &e.By)
}

var fileKind = event.NewKind[File]("file", nil, event.On[FlagRaised](), event.On[FlagLifted]())

// FileRef refers to the file of a party, LoanFileRef to that of a loan. No party's id has a dot.
func FileRef(p PartyID) event.Ref[File] { return fileKind.Ref(string(p)) }

// LoanFileRef refers to the file of a loan.
func LoanFileRef(id LoanID) event.Ref[File] { return fileKind.Ref("loan." + string(id)) }

// fileOf refers to the file of a loan where one is named, else of a party.
func fileOf(p PartyID, l LoanID) event.Ref[File] {
	if l != "" {
		return LoanFileRef(l)
	}
	return FileRef(p)
}

// RaiseFlag raises a risk flag on the file of a party or of a loan, one of the two. A flag that is
// raised is not raised again. Given by an officer, an analyst or the system.
type RaiseFlag struct {
	Party     PartyID
	Loan      LoanID
	Flag      Code
	Complaint ComplaintID // empty when it comes from elsewhere
}

// Home implements Command.
func (c RaiseFlag) Home(Meta) event.Ref[File] { return fileOf(c.Party, c.Loan) }

// Allowed implements Command.
func (RaiseFlag) Allowed() []Role { return append(staff(), RoleSystem) }

// Decide implements Command.
func (c RaiseFlag) Decide(t *Tx, f *File) (FlagRaised, error) {
	none := FlagRaised{}
	if err := t.filed(c.Party, c.Loan); err != nil {
		return none, err
	}
	if err := checkID("flag", c.Flag); err != nil {
		return none, err
	}
	if f.flag(c.Flag) {
		return none, &Error{ErrExists, "flag " + string(c.Flag), "is raised on " + t.home.ID}
	}
	if len(f.Flags) >= maxFlags {
		return none, &Error{ErrLimit, "file " + t.home.ID, fmt.Sprintf("has %d flags", maxFlags)}
	}
	if c.Complaint != "" {
		k, err := event.Read(t.Tx, ComplaintRef(c.Complaint))
		if err != nil {
			return none, err
		}
		if k.ID == "" {
			return none, &Error{ErrUnknown, "complaint " + string(c.Complaint), ""}
		}
	}
	return FlagRaised{Flag{c.Flag, c.Complaint, t.On, t.Actor.ID}}, nil
}

func (f *File) flag(code Code) bool {
	return slices.ContainsFunc(f.Flags, func(x Flag) bool { return x.Code == code })
}

// filed refuses a file of nobody.
func (t *Tx) filed(p PartyID, id LoanID) error {
	if (p == "") == (id == "") {
		return &Error{ErrTerms, "file", "is that of a party or of a loan, one of the two"}
	}
	if p != "" {
		_, err := t.party(p)
		return err
	}
	if err := checkID("loan", id); err != nil {
		return err
	}
	l, err := event.Read(t.Tx, LoanRef(id))
	if err == nil && l.ID == "" {
		return &Error{ErrUnknown, "loan " + string(id), ""}
	}
	return err
}

// LiftFlag takes a flag off a file. The person on whose file it stands cannot. Given by an officer
// or an analyst.
type LiftFlag struct {
	Party PartyID
	Loan  LoanID
	Flag  Code
}

// Home implements Command.
func (c LiftFlag) Home(Meta) event.Ref[File] { return fileOf(c.Party, c.Loan) }

// Allowed implements Command.
func (LiftFlag) Allowed() []Role { return staff() }

// Decide implements Command.
func (c LiftFlag) Decide(t *Tx, f *File) (FlagLifted, error) {
	if ActorID(c.Party) == t.Actor.ID {
		return FlagLifted{}, &Error{ErrActor, "flag " + string(c.Flag), "is on the actor's own file"}
	}
	if !f.flag(c.Flag) {
		return FlagLifted{}, &Error{ErrUnknown, "flag " + string(c.Flag), "is not raised on " + t.home.ID}
	}
	return FlagLifted{c.Flag, t.On, t.Actor.ID}, nil
}
