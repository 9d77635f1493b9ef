package lendingtest

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/payment"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

func badLine(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrLine, fmt.Sprintf(format, args...))
}

// parse reads a line: what stands in front becomes the world's order, the rest is returned.
func (w *World) parse(line string) (verb, []string, error) {
	w.order = order{}
	words := strings.Fields(line)
	for len(words) >= 2 && strings.HasSuffix(words[1], ":") {
		value := strings.TrimSuffix(words[1], ":")
		if err := w.prefix(words[0], value); err != nil {
			return verb{}, nil, err
		}
		words = words[2:]
	}
	if len(words) == 0 {
		return verb{}, nil, badLine("%q says nothing to do", line)
	}
	for _, v := range verbs() {
		required, open := strings.CutSuffix(v.usage, " ...")
		usage := strings.Fields(required)
		if usage[0] != words[0] {
			continue
		}
		args := words[1:]
		if len(args) < len(usage)-1 || !open && len(args) > len(usage)-1 {
			return verb{}, nil, badLine("want %q", v.usage)
		}
		return v, args, nil
	}
	return verb{}, nil, badLine("no command %q", words[0])
}

func (w *World) prefix(word, value string) (err error) {
	switch word {
	case "expect":
		w.order.expect = value
	case "as":
		w.order.actor, err = actor(value)
	case "approver":
		w.order.approver = lending.Actor{Role: lending.RoleOfficer}
		if value != "nobody" {
			w.order.approver, err = actor(value)
		}
	case "key":
		w.order.key = value
	case "until":
		w.order.notAfter, err = date(value)
	default:
		err = badLine("nothing is said by %q", word)
	}
	return err
}

// actor reads WHO/ROLE.
func actor(s string) (lending.Actor, error) {
	who, as, _ := strings.Cut(s, "/")
	for r := lending.RoleParty; r <= lending.RoleSystem; r++ {
		if r.String() == as {
			return lending.Actor{ID: lending.ActorID(who), Role: r}, nil
		}
	}
	return lending.Actor{}, badLine("%q is not WHO/ROLE", s)
}

func date(s string) (civil.Date, error) {
	d, err := civil.Parse(s)
	if err != nil {
		return d, badLine("%v", err)
	}
	return d, nil
}

// amount reads "12.34" in a currency, or "JPY:12" in its own.
func amount(s string, c money.Currency) (money.Amount, error) {
	if code, rest, ok := strings.Cut(s, ":"); ok {
		own, err := money.ParseCurrency(code)
		if err != nil {
			return money.Amount{}, badLine("%v", err)
		}
		s, c = rest, own
	}
	a, err := money.ParseIn(s, c)
	if err != nil {
		return a, badLine("%v", err)
	}
	return a, nil
}

func number(s string) (int, error) {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0, badLine("%q is not a number", s)
	}
	return n, nil
}

// rate reads "7.2%" a year or "7.2%/period".
func rate(s string) (schedule.Rate, error) {
	basis := " per year"
	if text, ok := strings.CutSuffix(s, "/period"); ok {
		s, basis = text, " per period"
	}
	r, err := schedule.ParseRate(s + basis)
	if err != nil {
		return r, badLine("%v", err)
	}
	return r, nil
}

// ppm reads "5%" as parts per million.
func ppm(s string) (int64, error) {
	r, err := rate(s)
	if err != nil {
		return 0, err
	}
	if r.Pico()%1_000_000 != 0 {
		return 0, badLine("%s is finer than parts per million", s)
	}
	return r.Pico() / 1_000_000, nil
}

// loan returns the id behind a name; an unknown name is taken as an id.
func (w *World) loan(name string) lending.LoanID {
	if id, ok := w.loans[name]; ok {
		return id
	}
	return lending.LoanID(name)
}

// loanAmount reads an amount in the currency of a loan.
func (w *World) loanAmount(name, s string) (money.Amount, error) {
	c := w.cur
	if l := w.reports.Loan(w.loan(name)); l != nil {
		c = l.Currency()
	}
	return amount(s, c)
}

// payment returns the id behind a payment's name: D1, W1, T1, or L1.d1 of a loan's payout.
func (w *World) payment(name string) payment.ID {
	if id, ok := w.payments[name]; ok {
		return id
	}
	loan, attempt, ok := strings.Cut(name, ".")
	if !ok {
		return payment.ID(name)
	}
	return payment.ID(string(w.loan(loan)) + "." + attempt)
}

// name gives a payment the next name with a letter.
func (w *World) name(letter string, id payment.ID) string {
	w.counts[letter]++
	name := fmt.Sprintf("%s%d", letter, w.counts[letter])
	w.payments[name] = id
	w.ids = append(w.ids, string(id), name)
	return name
}
