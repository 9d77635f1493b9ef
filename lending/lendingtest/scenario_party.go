package lendingtest

import (
	"context"
	"fmt"
	"strings"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/payment"
)

// proof stands for the evidence of whatever a story says of a party.
var proof = event.Hash{1}

// partyVerbs are the commands about parties and about money of nobody.
func partyVerbs() []verb {
	const officer, cashier, system = lending.RoleOfficer, lending.RoleCashier, lending.RoleSystem
	return []verb{
		{"register KIND WHO ...", doRegister},
		{"freeze WHO", quiet(officer, func(_ *World, a []string) lending.Freeze {
			return lending.Freeze{Party: lending.PartyID(a[0])}
		})},
		{"unfreeze WHO", quiet(officer, func(_ *World, a []string) lending.Freeze {
			return lending.Freeze{Party: lending.PartyID(a[0]), Lift: true}
		})},
		{"rules ...", doRules},
		{"identify WHO UNTIL", doIdentify},
		{"limit WHO WHAT AMOUNT UNTIL", doLimit},
		{"exclude WHO UNTIL", doExclude},
		{"dormant WHO", quiet(system, func(_ *World, a []string) lending.MarkDormant {
			return lending.MarkDormant{Party: lending.PartyID(a[0])}
		})},
		{"reactivate WHO", doReactivate},
		{"close WHO", doClose},
		{"receive AMOUNT", doReceive},
		{"assign RECEIPT WHO", quiet(cashier, func(w *World, a []string) lending.AssignReceipt {
			return lending.AssignReceipt{Receipt: w.receipt(a[0]), Party: lending.PartyID(a[1])}
		})},
		{"return RECEIPT", quiet(cashier, func(w *World, a []string) lending.ReturnReceipt {
			return lending.ReturnReceipt{Receipt: w.receipt(a[0])}
		})},
	}
}

// doRules opens the desk anew, over the same store, with rules for parties: identified, category,
// dormant=DAYS, count=N withdrawals a day, fee=AMOUNT for each, max=AMOUNT; no word for no rules.
func doRules(w *World, args []string) ([]string, error) {
	cfg, out := w.cfg, lending.WithdrawalRules{Currency: w.cur}
	cfg.Parties, cfg.Withdrawals = lending.PartyRules{}, nil
	for _, arg := range args {
		word, value, _ := strings.Cut(arg, "=")
		var err error
		switch word {
		case "identified":
			cfg.Parties.RequireIdentified = true
		case "category":
			cfg.Parties.RequireCategory = true
		case "dormant":
			cfg.Parties.DormantAfterDays, err = number(value)
		case "count":
			out.CountADay, err = number(value)
		case "fee":
			out.Fee, err = amount(value, w.cur)
		case "max":
			out.Max, err = amount(value, w.cur)
		default:
			err = badLine("no rule %q", arg)
		}
		if err != nil {
			return nil, err
		}
	}
	cfg.Withdrawals = []lending.WithdrawalRules{out}
	return nil, w.open(cfg)
}

func doIdentify(w *World, args []string) ([]string, error) {
	until, err := date(args[1])
	if err != nil {
		return nil, err
	}
	_, err = give(w, role(lending.RoleOfficer), lending.RecordIdentity{Party: lending.PartyID(args[0]),
		Identity: lending.Identity{Evidence: proof, Expires: until}})
	return nil, err
}

func doExclude(w *World, args []string) ([]string, error) {
	until, err := date(args[1])
	if err != nil {
		return nil, err
	}
	_, err = give(w, self(args[0]), lending.Exclude{Until: until})
	return nil, err
}

// doLimit gives a lender a category with a limit: loan, borrower or total.
func doLimit(w *World, args []string) ([]string, error) {
	until, err := date(args[3])
	if err != nil {
		return nil, err
	}
	a, err := amount(args[2], w.cur)
	if err != nil {
		return nil, err
	}
	var v lending.Limits
	switch args[1] {
	case "loan":
		v.PerLoan = a
	case "borrower":
		v.PerBorrower = a
	case "total":
		v.Total = a
	default:
		return nil, badLine("no limit %q", args[1])
	}
	_, err = give(w, role(lending.RoleOfficer), lending.RecordCategory{Party: lending.PartyID(args[0]),
		Category: lending.Category{Name: "retail", Evidence: proof, Expires: until, Limits: v}})
	return nil, err
}

func doReactivate(w *World, args []string) ([]string, error) {
	_, err := give(w, self(args[0]), lending.Reactivate{Party: lending.PartyID(args[0])})
	return nil, err
}

func doClose(w *World, args []string) ([]string, error) {
	_, err := give(w, self(args[0]), lending.CloseParty{Party: lending.PartyID(args[0])})
	return nil, err
}

func doReceive(w *World, args []string) ([]string, error) {
	a, err := amount(args[0], w.cur)
	if err != nil {
		return nil, err
	}
	got, err := give(w, role(lending.RoleCustodian), lending.Receive{Amount: a, Reference: proof})
	if err != nil {
		return nil, err
	}
	w.bank.Deposit(a)
	return []string{w.name("U", payment.ID(got.Receipt))}, nil
}

// receipt is the id of a receipt by its name in the story.
func (w *World) receipt(name string) lending.ReceiptID { return lending.ReceiptID(w.payment(name)) }

func (w *World) showSuspense() (printed []string) {
	for _, s := range w.reports.Suspense(w.day) {
		printed = append(printed, fmt.Sprintf("%s %s since %s, %d days", s.Receipt, s.Amount, s.On, s.DaysHeld))
	}
	return printed
}

func (w *World) showParty(name string) ([]string, error) {
	p, err := w.desk.Party(context.Background(), lending.PartyID(name))
	if err != nil {
		return nil, err
	}
	said := p.Kind.String()
	for _, s := range []struct {
		is   bool
		word string
	}{{p.Related, "related"}, {p.Frozen, "frozen"}, {p.Dormant, "dormant"}, {p.Closed, "closed"},
		{w.day.Before(p.Excluded), "excluded until " + p.Excluded.String()},
		{p.IdentifiedOn(w.day), "identified until " + p.Identity.Expires.String()}} {
		if s.is {
			said += ", " + s.word
		}
	}
	return []string{said}, nil
}
