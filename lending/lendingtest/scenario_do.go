package lendingtest

import (
	"context"
	"fmt"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/payment"
	"github.com/loanweave/loanweave/schedule/money"
)

func doDay(w *World, args []string) (_ []string, err error) {
	w.day, err = date(args[0])
	return nil, err
}

func doCurrency(w *World, args []string) ([]string, error) {
	c, err := money.ParseCurrency(args[0])
	if err != nil {
		return nil, badLine("%v", err)
	}
	w.cur = c
	return nil, nil
}

// doChunk opens the desk anew, over the same store.
func doChunk(w *World, args []string) ([]string, error) {
	n, err := number(args[0])
	if err != nil {
		return nil, err
	}
	cfg := w.cfg
	cfg.Chunk = n
	return nil, w.open(cfg)
}

// doBank writes what the bank does with the next instruction: reject, fail, delay N, part AMOUNT,
// lose-answer, down N. "repeats" makes it pay again whatever comes again, for good.
func doBank(w *World, args []string) ([]string, error) {
	for len(args) > 0 {
		word := args[0]
		args = args[1:]
		switch word {
		case "reject":
			w.script.Reject = true
			continue
		case "fail":
			w.script.Fail = true
			continue
		case "lose-answer":
			w.script.LoseAck = true
			continue
		case "repeats":
			w.bank.Dedup(false)
			continue
		}
		if len(args) == 0 {
			return nil, badLine("the bank cannot %q", word)
		}
		if err := w.scriptWord(word, args[0]); err != nil {
			return nil, err
		}
		args = args[1:]
	}
	return nil, nil
}

func (w *World) scriptWord(word, value string) (err error) {
	switch word {
	case "delay":
		w.script.Delay, err = number(value)
	case "down":
		w.script.Unknown, err = number(value)
	case "part":
		var a money.Amount
		a, err = amount(value, w.cur)
		w.script.Parts = append(w.script.Parts, a.Minor())
	default:
		err = badLine("the bank cannot %q", word)
	}
	if max(w.script.Delay, w.script.Unknown) > maxAttempts {
		return badLine("the bank is patient for %d at most", maxAttempts)
	}
	return err
}

func doDeliver(w *World, _ []string) ([]string, error) {
	n, err := w.desk.Deliver(context.Background(), w.day)
	return []string{fmt.Sprintf("payments ended: %d", n)}, err
}

func doDayEnd(w *World, _ []string) ([]string, error) {
	n, err := w.desk.DayEnd(context.Background(), w.day)
	return []string{fmt.Sprintf("streams woken: %d", n)}, err
}

func doRegister(w *World, args []string) ([]string, error) {
	for kind := lending.Person; kind <= lending.Vehicle; kind++ {
		if kind.String() != args[0] {
			continue
		}
		for _, p := range args[1:] {
			c := lending.Register{Party: lending.PartyID(p), Kind: kind}
			if _, err := give(w, role(lending.RoleOfficer), c); err != nil {
				return nil, err
			}
			if err := w.follow(); err != nil {
				return nil, err
			}
		}
		return nil, nil
	}
	return nil, badLine("a party is no %q", args[0])
}

func doProduct(w *World, args []string) ([]string, error) {
	p, err := product(args)
	if err != nil {
		return nil, err
	}
	_, err = give(w, role(lending.RoleOfficer), lending.DefineProduct{Product: p})
	return nil, err
}

func doDeposit(w *World, args []string) ([]string, error) {
	a, err := amount(args[1], w.cur)
	if err != nil {
		return nil, err
	}
	c := lending.Deposit{Party: lending.PartyID(args[0]), Amount: a}
	got, err := give(w, role(lending.RoleCustodian), c)
	if err != nil {
		return nil, err
	}
	w.bank.Deposit(a)
	return []string{w.name("D", got.Payment)}, nil
}

func doChargeback(w *World, args []string) ([]string, error) {
	c := lending.ReverseDeposit{Payment: w.payment(args[0])}
	got, err := give(w, role(lending.RoleCustodian), c)
	if err == nil {
		w.bank.Deposit(got.Amount.Neg())
	}
	return nil, err
}

func doTopUp(w *World, args []string) ([]string, error) {
	a, err := amount(args[0], w.cur)
	if err != nil {
		return nil, err
	}
	if _, err = give(w, role(lending.RoleCustodian), lending.TopUp{Amount: a}); err == nil {
		w.bank.Deposit(a)
	}
	return nil, err
}

func doWithdraw(w *World, args []string) ([]string, error) {
	a, err := amount(args[1], w.cur)
	if err != nil {
		return nil, err
	}
	got, err := give(w, self(args[0]), lending.Withdraw{Amount: a})
	if err != nil {
		return nil, err
	}
	return []string{w.name("W", got.Instruction.ID)}, nil
}

func doReport(w *World, args []string) ([]string, error) {
	a, err := amount(args[2], w.cur)
	if err != nil {
		return nil, err
	}
	r := payment.Report{Instruction: w.payment(args[0]), Paid: a}
	for r.Status = payment.Pending; r.Status.String() != args[1]; r.Status++ {
		if r.Status == payment.Failed {
			return nil, badLine("a report is not %q", args[1])
		}
	}
	got, err := give(w, role(lending.RoleCustodian), lending.Observe{Report: r})
	if err != nil {
		return nil, err
	}
	return []string{got.State.Status.String()}, nil
}

func doApply(w *World, args []string) ([]string, error) {
	a, err := amount(args[3], w.cur)
	if err != nil {
		return nil, err
	}
	n, err := number(args[4])
	if err != nil {
		return nil, err
	}
	c := lending.Apply{Product: lending.ProductID(args[2]), Amount: a, Periods: n}
	got, err := give(w, self(args[0]), c)
	if err != nil {
		return nil, err
	}
	if _, twice := w.loans[args[1]]; twice {
		return nil, badLine("loan %s is there already", args[1])
	}
	w.loans[args[1]] = got.Loan
	w.ids = append(w.ids, string(got.Loan), args[1])
	return nil, nil
}

func doApprove(w *World, args []string) ([]string, error) {
	r, err := rate(args[1])
	if err != nil {
		return nil, err
	}
	_, err = give(w, role(lending.RoleAnalyst), lending.Approve{Loan: w.loan(args[0]), Rate: r})
	return nil, err
}

func doBid(w *World, args []string) ([]string, error) {
	a, err := w.loanAmount(args[1], args[2])
	if err != nil {
		return nil, err
	}
	got, err := give(w, self(args[0]), lending.PlaceBid{Loan: w.loan(args[1]), Amount: a})
	if err != nil {
		return nil, err
	}
	said := "accepted " + got.Accepted.String()
	if got.Full {
		said += ", fully funded"
	}
	return []string{said}, nil
}

func doDisburse(w *World, args []string) ([]string, error) {
	got, err := give(w, role(lending.RoleCashier), lending.Disburse{Loan: w.loan(args[0])})
	if err != nil {
		return nil, err
	}
	c := w.reports.Loan(w.loan(args[0])).Currency()
	var printed []string
	for _, p := range got.Portions {
		printed = append(printed, fmt.Sprintf("pay out %s as %s", minor(p.Minor, c), p.Payment))
	}
	return append(printed, levied(got.Fees, c)...), nil
}
