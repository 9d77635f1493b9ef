package schedule

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/loanweave/loanweave/schedule/money"
)

// The chart is laid out in hundredths of a pixel, so that no position needs a fraction.
const (
	px = 100

	chartWidth, chartHeight = 960 * px, 480 * px
	plotLeft, plotRight     = 88 * px, 872 * px
	plotTop, plotBottom     = 116 * px, 420 * px
	plotWidth, plotHeight   = plotRight - plotLeft, plotBottom - plotTop

	widestBar = 56 * px
	tightRoom = 4 * px // where an instalment has less room its bar leaves no gap
	mostDates = 8      // instalments that are named under their bars
	mostTips  = 600    // instalments that tell their figures when pointed at
)

// The colours keep apart for readers who see few colours: they differ in lightness as well.
const (
	inkText, inkQuiet, inkGrid = "#1f2937", "#6b7280", "#e5e7eb"
	inkPrincipal, inkInterest  = "#2f6f9f", "#f0a35e"
	inkFee, inkBalance         = "#8b7fb8", "#111827"
)

// AppendSVG appends the plan as a picture, an SVG document of 960 by 480: a bar for each
// instalment, interest stacked on principal and fees on both, by the scale on the left, and a line
// for the balance by the scale on the right. It has a title and a description for readers who do
// not see it, and up to 600 instalments tell their figures when pointed at. Equal plans give equal
// bytes. The zero Plan gives the empty axes.
func (p Plan) AppendSVG(dst []byte) []byte {
	c := &chart{plan: p, dst: dst, bars: newAxis(p.highestTotal()), line: newAxis(p.highestBalance())}
	c.open()
	c.legend()
	c.grid()
	c.series()
	c.balance()
	c.dates()
	c.tips()
	c.add("</svg>\n")
	return c.dst
}

// highestTotal is the most that an instalment pays, in minor units.
func (p Plan) highestTotal() (most int64) {
	for _, row := range p.rows {
		most = max(most, row.Principal+row.Interest+row.Fee)
	}
	return most
}

// highestBalance is the most that is out on Start or after an instalment, in minor units.
func (p Plan) highestBalance() int64 {
	most := p.outstanding(p.terms.Start)
	for _, row := range p.rows {
		most = max(most, row.Balance)
	}
	return most
}

// chart is a picture being drawn.
type chart struct {
	plan Plan
	dst  []byte
	bars axis // of the instalments
	line axis // of the balance
}

func (c *chart) add(format string, args ...any) { c.dst = fmt.Appendf(c.dst, format, args...) }

// at is a position as SVG reads it.
func at(hundredths int64) string {
	text := strconv.FormatInt(hundredths/px, 10)
	if rest := hundredths % px; rest > 0 {
		text += "." + strings.TrimRight(strconv.FormatInt(px+rest, 10)[1:], "0")
	}
	return text
}

// edge is the left edge of the room of instalment i, counted from 0; that of Len is the right end.
func (c *chart) edge(i int) int64 {
	return plotLeft + plotWidth*int64(i)/int64(max(c.plan.Len(), 1))
}

// middle is the middle of the room of instalment i.
func (c *chart) middle(i int) int64 { return (c.edge(i) + c.edge(i+1)) / 2 }

func (c *chart) open() {
	p, code := c.plan, c.plan.terms.Principal.Currency().Code()
	title := fmt.Sprintf("%s %s in %d instalments, %s at %s", code, grouped(p.terms.Principal.Text()),
		p.Len(), p.terms.Method, p.terms.Rate)
	if p.Len() == 1 {
		title = strings.Replace(title, "instalments", "instalment", 1)
	}
	c.add(`<svg xmlns="http://www.w3.org/2000/svg" width="%s" height="%s" viewBox="0 0 %[1]s %[2]s"`+
		` role="img" font-family="system-ui, 'Segoe UI', Helvetica, Arial, sans-serif" font-size="12"`+
		` fill="%s">`+"\n", at(chartWidth), at(chartHeight), inkText)
	c.add("<title>%s</title>\n", title)
	c.add("<desc>From %s to %s %s %s is paid: principal %s, interest %s, fees %s.</desc>\n",
		p.terms.Start, p.Maturity(), code, p.TotalPayment().Text(), p.principal().Text(),
		p.amount(p.interest).Text(), p.TotalFees().Text())
	c.add(`<rect width="100%%" height="100%%" fill="#fff"/>` + "\n")
	c.add(`<text x="24" y="34" font-size="17" font-weight="600">%s</text>`+"\n", title)
}

// principal is all principal that is paid back, what was capitalised included.
func (p Plan) principal() money.Amount {
	var sum int64
	for _, row := range p.rows {
		sum += row.Principal
	}
	return p.amount(sum)
}

// legend names the colours, with the sum of each.
func (c *chart) legend() {
	entries := []struct{ ink, text string }{
		{inkPrincipal, "Principal " + grouped(c.plan.principal().Text())},
		{inkInterest, "Interest " + grouped(c.plan.amount(c.plan.interest).Text())},
	}
	if c.plan.fees > 0 {
		entries = append(entries, struct{ ink, text string }{inkFee,
			"Fees " + grouped(c.plan.TotalFees().Text())})
	}
	x := int64(24 * px)
	for _, e := range entries {
		c.add(`<rect x="%s" y="52" width="12" height="12" rx="2" fill="%s"/>`, at(x), e.ink)
		c.add(`<text x="%s" y="62">%s</text>`+"\n", at(x+18*px), e.text)
		x += 224 * px
	}
	c.add(`<path d="M%s 58h18" stroke="%s" stroke-width="2"/>`, at(x), inkBalance)
	c.add(`<text x="%s" y="62">Balance</text>`+"\n", at(x+24*px))
}

// grid draws the lines across and both scales; they share the lines.
func (c *chart) grid() {
	cur := c.plan.terms.Principal.Currency()
	c.add(`<g fill="%s">`+"\n", inkQuiet)
	c.add(`<text x="24" y="92">Instalment, %s</text>`, c.bars.unit(cur))
	c.add(`<text x="936" y="92" text-anchor="end">Balance, %s</text>`+"\n", c.line.unit(cur))
	for k := range int64(ticks + 1) {
		y := plotBottom - plotHeight*k/ticks
		ink := inkGrid
		if k == 0 {
			ink = inkQuiet
		}
		c.add(`<path d="M%s %sH%s" stroke="%s"/>`, at(plotLeft), at(y), at(plotRight), ink)
		c.add(`<text x="%s" y="%s" text-anchor="end">%s</text>`, at(plotLeft-8*px), at(y+4*px),
			c.bars.label(k, cur))
		c.add(`<text x="%s" y="%s">%s</text>`+"\n", at(plotRight+8*px), at(y+4*px),
			c.line.label(k, cur))
	}
	c.add("</g>\n")
}

// series draws the bars, each series as one path, so that neighbours without a gap show no seam.
func (c *chart) series() {
	part := func(ink string, from, to func(*Row) int64) {
		c.add(`<path fill="%s" d="`, ink)
		for i := range c.plan.rows {
			row := &c.plan.rows[i]
			low, high := c.bars.height(from(row)), c.bars.height(to(row))
			if high > low {
				left, width := c.bar(i)
				c.add("M%s %sh%sv-%sh-%[3]sz", at(left), at(plotBottom-low), at(width), at(high-low))
			}
		}
		c.add(`"/>` + "\n")
	}
	none := func(*Row) int64 { return 0 }
	principal := func(r *Row) int64 { return r.Principal }
	interest := func(r *Row) int64 { return r.Principal + r.Interest }
	part(inkPrincipal, none, principal)
	part(inkInterest, principal, interest)
	if c.plan.fees > 0 {
		part(inkFee, interest, func(r *Row) int64 { return interest(r) + r.Fee })
	}
}

// bar is where the bar of instalment i stands: its left edge and its width.
func (c *chart) bar(i int) (left, width int64) {
	left, width = c.edge(i), c.edge(i+1)-c.edge(i)
	if width < tightRoom {
		return left, width
	}
	wide := min(width*7/10, widestBar)
	return left + (width-wide)/2, wide
}

// balance draws what is still out, from Start to after the last instalment, over a light edge that
// sets the line off from the bars. It falls where instalments stand.
func (c *chart) balance() {
	height := func(minor int64) string { return at(plotBottom - c.line.height(minor)) }
	path := fmt.Appendf(nil, "M%s %s", at(plotLeft), height(c.plan.outstanding(c.plan.terms.Start)))
	for i, row := range c.plan.rows {
		path = fmt.Appendf(path, "H%sV%s", at(c.middle(i)), height(row.Balance))
	}
	c.add(`<g fill="none" stroke-linejoin="round">` + "\n")
	c.add(`<path stroke="#fff" stroke-opacity=".7" stroke-width="5" d="%s"/>`+"\n", path)
	c.add(`<path stroke="%s" stroke-width="2" d="%s"/>`+"\n</g>\n", inkBalance, path)
}

// dates names some instalments under their bars, by number and due date.
func (c *chart) dates() {
	step := everySo(c.plan.Len())
	c.add(`<g text-anchor="middle">` + "\n")
	for i := step - 1; i < c.plan.Len(); i += step {
		in := c.plan.At(i)
		c.add(`<text x="%s" y="440">%d<tspan x="%[1]s" dy="16" font-size="11" fill="%[3]s">%[4]s</tspan>`+
			"</text>\n", at(c.middle(i)), in.Number, inkQuiet, in.Due)
	}
	c.add("</g>\n")
}

// everySo is a round number of instalments by which n of them have at most mostDates names.
func everySo(n int) int {
	for _, step := range []int{1, 2, 3, 4, 6, 12, 24, 36, 60, 120, 240} {
		if n <= step*mostDates {
			return step
		}
	}
	return 360
}

// tips lays a clear column over each instalment that tells its figures.
func (c *chart) tips() {
	if c.plan.Len() > mostTips {
		return
	}
	c.add(`<g fill="none" pointer-events="all">` + "\n")
	for i := range c.plan.rows {
		in := c.plan.At(i)
		c.add(`<rect x="%s" y="%s" width="%s" height="%s"><title>%d, due %s: principal %s, interest %s`,
			at(c.edge(i)), at(plotTop), at(c.edge(i+1)-c.edge(i)), at(plotHeight), in.Number, in.Due,
			in.Principal.Text(), in.Interest.Text())
		if in.Fee.Sign() > 0 {
			c.add(", fee %s", in.Fee.Text())
		}
		c.add(", balance %s</title></rect>\n", in.Balance.Text())
	}
	c.add("</g>\n")
}
