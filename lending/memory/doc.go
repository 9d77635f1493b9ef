// Package memory keeps everything in memory: [Store], which has every power that lending asks of
// a store, and [Bank], a simulated custodian. Both are for tests, studies and first programs, and
// both are the reference that the suites of lending/lendingtest are written against.
//
//	store := memory.NewStore()
//	engine := event.NewEngine(store, nil, 0)
//
//	bank := memory.NewBank()
//	bank.Script(func(in payment.Instruction) memory.Script {
//		return memory.Script{Delay: 2, LoseAck: true} // for every instruction
//	})
//	err := bank.Submit(ctx, in) // ErrLost, although the bank has it
//	report, err := bank.Query(ctx, in.ID)
//
// # Invariants of the store
//
//   - a commit is applied whole under one lock, or not at all
//   - bytes are copied once on the way in, into one block a commit, and once on the way out: no
//     caller can change what is stored, and none sees it change
//   - the work of Awake and Due grows with what they return, and by a word for every few hundred
//     streams or messages that wait, never with what is settled or asleep for good
//
// # Invariants of the bank
//
//   - it decides nothing by chance or by time: the same calls have the same answers
//   - [Bank.Paid], [Bank.Payments] and [Bank.Balance] are what really happened, whatever was
//     answered
//
// # Errors
//
// Store returns the errors of [event.Store] and [ErrMalformed]; Bank those of [payment.Gateway],
// [ErrLost], [ErrDown] and [ErrReused].
package memory
