package lending

import (
	"errors"

	"github.com/loanweave/loanweave/lending/event"
)

// Channel is how a stage of the business is done (渠道).
type Channel uint8

// Channels. Online together with Offline in one product is the online-to-offline model (线上线下).
const (
	Online Channel = iota + 1
	Offline
)

var channelNames = [...]string{"", "online", "offline"}

// String returns the channel's name.
func (c Channel) String() string { return nameOf(channelNames[:], c, "channel") }

// IsValid reports whether c is one of the channels above.
func (c Channel) IsValid() bool { return c == Online || c == Offline }

// Channels says for each stage of a product's business how it is done, and what stands for it on every
// loan where that is off line.
type Channels struct {
	// Acquisition is how borrowers are found. Off line, a loan is published once [RecordSource] names what
	// its application came through.
	Acquisition Channel
	// Checks is how what borrowers say is verified. Off line, a loan is published once a field
	// verification was passed: see [RecordFieldVerification].
	Checks Channel
	// VisitDays is for how many days after the visit a field verification counts for publication; 0 for
	// ever, however old it is, and where there is none.
	VisitDays int
	// Signing is how borrowers sign. Off line it is on paper at a branch: see [RecordSignature]. A product
	// that signs so has ContractRequired set.
	Signing Channel
	// Collection is how overdue payments are collected (催收). It is for the host to act on.
	Collection Channel
}

// AllOnline is the model without offices.
func AllOnline() Channels {
	return Channels{Acquisition: Online, Checks: Online, Signing: Online, Collection: Online}
}

// check reports everything that is wrong with the channels of a product at once.
func (c *Channels) check(p *Product) error {
	var errs []error
	bad := func(ok bool, why string) {
		if !ok {
			errs = append(errs, &Error{ErrTerms, "channels of product " + string(p.ID), why})
		}
	}
	bad(c.Acquisition.IsValid() && c.Checks.IsValid() && c.Signing.IsValid() && c.Collection.IsValid(),
		"leave one open: each is Online or Offline")
	bad(c.VisitDays >= 0 && c.VisitDays <= maxDays, "count a field verification for too many days, or too few")
	bad(c.VisitDays == 0 || c.Checks == Offline,
		"count the days of field verifications, and ask for none: set Checks to Offline, or VisitDays to 0")
	bad(c.Signing != Offline || p.ContractRequired,
		"have a contract signed at a branch, and the product wants none: set ContractRequired")
	return errors.Join(errs...)
}

func (c *Channels) code(e *event.Codec) {
	event.Enum(e, &c.Acquisition)
	event.Enum(e, &c.Checks)
	e.Count(&c.VisitDays)
	event.Enum(e, &c.Signing)
	event.Enum(e, &c.Collection)
}
