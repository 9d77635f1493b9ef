package lending

import (
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
)

// Order is the memo on a command's home stream, just before its outcome, of who gave it and when
// (审计轨迹). Everything that the commit wrote hangs on it.
type Order struct {
	On       civil.Date
	Actor    Actor
	Approver Actor // zero when none was named
}

// orderMemo is the memo name of orders.
const orderMemo = "order"

// Code codes the memo.
func (o *Order) Code(c *event.Codec) {
	c.Date(&o.On)
	o.Actor.code(c)
	o.Approver.code(c)
}

func (a *Actor) code(c *event.Codec) {
	event.Text(c, &a.ID)
	event.Enum(c, &a.Role)
}
