package memory

import "github.com/loanweave/loanweave/lending/payment"

// Script is how a [Bank] treats one instruction. The zero value settles it at once. The bank
// works on after each answer to a query: with Delay 1 the first query hears Pending with nothing
// paid, and the money goes out before the second.
type Script struct {
	Unknown int     // so many submissions end in [ErrDown] and do nothing
	Reject  bool    // it is refused: payment.ErrRejected, and Failed with nothing paid to a query
	LoseAck bool    // the first submission that arrives ends in [ErrLost] all the same
	Delay   int     // so many queries hear Pending with nothing paid
	Parts   []int64 // then one query each hears Pending with this running total, in minor units
	Fail    bool    // then it ends Failed with what the last part says, else Settled in full
}

// reports is what the bank says of an instruction, one report after the other; the last is final.
// Parts are raised to the part before and lowered to the whole, below it if the payment fails.
func (s Script) reports(in payment.Instruction) []stage {
	full, paid := in.Amount.Minor(), int64(0)
	if s.Reject {
		return []stage{{0, payment.Failed}}
	}
	most := full
	if s.Fail {
		most--
	}
	var out []stage
	for range s.Delay {
		out = append(out, stage{0, payment.Pending})
	}
	for _, part := range s.Parts {
		paid = max(paid, min(part, most))
		out = append(out, stage{paid, payment.Pending})
	}
	if s.Fail {
		return append(out, stage{paid, payment.Failed})
	}
	return append(out, stage{full, payment.Settled})
}

// stage is how far an instruction has come: the running total in minor units and the status.
type stage struct {
	paid   int64
	status payment.Status
}
