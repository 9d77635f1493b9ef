package schedule

import (
	"strconv"

	"github.com/loanweave/loanweave/schedule/money"
)

// column is a figure of every instalment under a heading.
type column struct {
	head string
	of   func(Instalment) money.Amount
	sum  bool // its total says something
}

// columns are the figures that a reader wants to see: fees and capitalised interest only where
// there are any.
func (p Plan) columns() []column {
	all := []column{
		{"Principal", func(in Instalment) money.Amount { return in.Principal }, true},
		{"Interest", func(in Instalment) money.Amount { return in.Interest }, true},
	}
	if p.fees > 0 {
		all = append(all, column{"Fee", func(in Instalment) money.Amount { return in.Fee }, true})
	}
	if p.added > 0 {
		all = append(all, column{"Capitalised",
			func(in Instalment) money.Amount { return in.Capitalised }, true})
	}
	return append(all,
		column{"Total", func(in Instalment) money.Amount { return in.Total }, true},
		column{"Balance", func(in Instalment) money.Amount { return in.Balance }, false})
}

// cells are the lines of a table: the headings, the instalments, and the totals under the code of
// the currency. The zero Plan has the headings alone.
func (p Plan) cells() [][]string {
	columns := p.columns()
	head, foot := []string{"No.", "Due"}, []string{"", "Total"}
	for _, c := range columns {
		head = append(head, c.head)
	}
	lines, sums := [][]string{head}, make([]int64, len(columns))
	for i := range p.rows {
		in := p.At(i)
		line := []string{strconv.Itoa(in.Number), in.Due.String()}
		for k, c := range columns {
			amt := c.of(in)
			line, sums[k] = append(line, amt.Text()), sums[k]+amt.Minor()
		}
		lines = append(lines, line)
	}
	if len(p.rows) == 0 {
		return lines
	}
	foot[1] += " " + p.terms.Principal.Currency().Code()
	for k, c := range columns {
		text := ""
		if c.sum {
			text = p.amount(sums[k]).Text()
		}
		foot = append(foot, text)
	}
	return append(lines, foot)
}

// dueColumn is the one column that is aligned to the left.
const dueColumn = 1

// AppendTable appends the plan as a table for a terminal or a log: a line of headings, one for each
// instalment, and one of totals with the currency. Columns are aligned, and those of fees and
// capitalised interest are there when they have something to show.
func (p Plan) AppendTable(dst []byte) []byte {
	lines := p.cells()
	widths := make([]int, len(lines[0]))
	for _, line := range lines {
		for k, cell := range line {
			widths[k] = max(widths[k], len(cell))
		}
	}
	for _, line := range lines {
		for k, cell := range line {
			gap := widths[k] - len(cell)
			switch {
			case k == dueColumn:
				dst = appendSpaces(append(append(dst, "  "...), cell...), gap)
			case cell != "" || k == 0:
				dst = append(appendSpaces(dst, gap+min(2*k, 2)), cell...)
			}
		}
		dst = append(dst, '\n')
	}
	return dst
}

func appendSpaces(dst []byte, n int) []byte {
	for range n {
		dst = append(dst, ' ')
	}
	return dst
}

// String gives the plan as AppendTable writes it.
func (p Plan) String() string { return string(p.AppendTable(nil)) }
