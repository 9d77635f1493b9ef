package lending

import (
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

// Channels says for each stage of a product's business how it is done.
type Channels struct {
	Acquisition Channel // how borrowers are found
	Checks      Channel // how what they say is verified
	Signing     Channel // how contracts are signed
	Collection  Channel // how overdue payments are collected
}

// AllOnline is the model without offices.
func AllOnline() Channels { return Channels{Online, Online, Online, Online} }

func (c Channels) isValid() bool {
	return c.Acquisition.IsValid() && c.Checks.IsValid() && c.Signing.IsValid() && c.Collection.IsValid()
}

func (c *Channels) code(e *event.Codec) {
	event.Enum(e, &c.Acquisition)
	event.Enum(e, &c.Checks)
	event.Enum(e, &c.Signing)
	event.Enum(e, &c.Collection)
}
