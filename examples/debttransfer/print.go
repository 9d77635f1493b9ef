package main

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule/money"
)

// plain writes minor units in whole major ones.
func plain(minor int64) string {
	a, err := money.New(minor, cny)
	if err != nil {
		return "too much"
	}
	whole, _, _ := strings.Cut(a.Text(), ".")
	return whole
}

// report writes the tables.
func (y *year) report(w io.Writer) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "A fronting lender with a facility of CNY %s, %d investors, and a package that promises %d savers 6%% a year.\n",
		plain(facility), investors, savers)
	fmt.Fprintln(&b, "Amounts are whole CNY, cents cut off.")
	y.printDesk(&b)
	y.printPackage(&b)
	y.printLadder(&b)
	y.printPurses(&b)
	if y.Err != nil {
		return y.Err
	}
	_, err := w.Write(b.Bytes())
	return err
}

func (y *year) printDesk(b *bytes.Buffer) {
	fmt.Fprintln(b, "\nThe desk: what he lent, how many borrowers found no room, what was sold to how many slices, and what is left.")
	fmt.Fprintf(b, "\n%-8s %10s %8s %10s %7s %10s %10s %12s\n", "month", "lent", "refused", "sold", "slices", "inventory",
		"free", "oldest, days")
	for _, l := range y.lines {
		fmt.Fprintf(b, "%-8s %10s %8d %10s %7d %10s %10s %12d\n", l.on.String()[:7], plain(l.lent), l.refused, plain(l.sold),
			l.slices, plain(l.inventory), plain(l.free), l.oldest)
	}
}

func (y *year) printPackage(b *bytes.Buffer) {
	fmt.Fprintln(b, "\nThe package: its basket against what it owes; what savers wait for, and for how long at the most; what")
	fmt.Fprintln(b, "was promised and earned, to the last close; what its sponsor, the fronting lender, put in; the first month ahead")
	fmt.Fprintln(b, "that the ladder finds short.")
	fmt.Fprintf(b, "\n%-8s %10s %10s %9s %10s %10s %5s %9s %9s %9s  %s\n", "month", "value", "owed", "coverage", "paid back", "queued",
		"days", "promised", "earned", "put in", "short in")
	for _, l := range y.lines {
		covers, short := "-", ""
		if ppm, err := l.value.PPM(money.HalfEven); err == nil { // something is owed
			covers = fmt.Sprintf("%d%%", ppm/10_000)
		}
		if l.warned {
			short = fmt.Sprintf("month %d, by %s", l.warning.Rung+1, plain(l.warning.Short))
		}
		fmt.Fprintf(b, "%-8s %10s %10s %9s %10s %10s %5d %9s %9s %9s  %s\n", l.on.String()[:7], plain(l.value.Value), plain(l.value.Owed),
			covers, plain(l.left), plain(l.queued), l.waits, plain(l.promised), plain(l.earned), plain(l.topped), short)
	}
}

func (y *year) printLadder(b *bytes.Buffer) {
	fmt.Fprintf(b, "\nThe package's ladder of maturities on %s: what its claims pay, and what savers may ask for if a\n",
		y.ladder.Terms.On)
	fmt.Fprintln(b, "quarter of them does as soon as it can.")
	fmt.Fprintf(b, "\n%-10s %-10s %10s %12s %10s %12s\n", "from", "to", "assets", "liabilities", "gap", "at hand")
	for _, r := range y.ladder.Rungs {
		to := "later"
		if !r.To.IsZero() {
			to = r.To.String()
		}
		fmt.Fprintf(b, "%-10s %-10s %10s %12s %10s %12s\n", r.From, to, plain(r.Assets), plain(r.Liabilities), plain(r.Gap),
			plain(r.Cumulative))
	}
	if at, warned := y.ladder.Warning(); warned {
		fmt.Fprintf(b, "It warned that by %s %s would be missing.\n", y.ladder.Rungs[at.Rung].To, plain(at.Short))
	}
}

// purse is what somebody has in the end.
type purse struct {
	name                    string
	put, cash, claims, pack int64
}

func (p *purse) gain() int64 { return p.cash + p.claims + p.pack - p.put }

// purses are those of all who lent.
func (y *year) purses() []purse {
	sum := func(name string, who ...lending.PartyID) purse {
		p := purse{name: name}
		for _, x := range who {
			w := y.Wallet(x)
			p.put += y.Put(x)
			p.cash += w.Available + w.HeldTotal()
			p.claims += w.LentTotal()
		}
		return p
	}
	var all, more []lending.PartyID
	for i := range investors {
		all = append(all, investor(i))
	}
	for i := range savers {
		more = append(more, saver(i))
	}
	list := []purse{sum("fronting lender", fronting), sum("investors", all...), sum("savers", more...)}
	if n := len(y.lines); n > 0 {
		v := y.lines[n-1].value
		list[2].pack = min(v.Value, v.Owed)
	}
	return list
}

func (y *year) printPurses(b *bytes.Buffer) {
	fmt.Fprintln(b, "\nWhat those who lent put in, and have: claims at their unpaid principal, overdue or not; the package at what it")
	fmt.Fprintln(b, "owes, as far as its basket goes.")
	fmt.Fprintf(b, "\n%-16s %10s %10s %10s %10s %10s\n", "", "put in", "cash", "claims", "package", "gain")
	for _, p := range y.purses() {
		fmt.Fprintf(b, "%-16s %10s %10s %10s %10s %10s\n", p.name, plain(p.put), plain(p.cash), plain(p.claims), plain(p.pack), plain(p.gain()))
	}
}
