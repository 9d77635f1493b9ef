package main

import (
	"fmt"
	"strings"

	"github.com/loanweave/loanweave/examples/desk"
)

// The picture's measures, in pixels.
const (
	left, right, top, bottom = 90, 700, 60, 320
	legend                   = 350
)

// chart draws inventory, the package's basket, what it owes and its exit queue over the months, as SVG.
func (y *year) chart() []byte {
	curves := []struct {
		name, colour string
		of           func(line) int64
	}{
		{"inventory", "#7f8c8d", func(l line) int64 { return l.inventory }},
		{"basket", "#2c7fb8", func(l line) int64 { return l.value.Value }},
		{"owed to savers", "#27ae60", func(l line) int64 { return l.value.Owed }},
		{"exit queue", "#c0392b", func(l line) int64 { return l.queued }},
	}
	most := int64(1)
	for _, l := range y.lines {
		for _, c := range curves {
			most = max(most, c.of(l))
		}
	}
	p := desk.NewPicture(right+30, legend+30, "A year of a fronting lender's desk, whole CNY")
	for i := range 5 {
		v, at := most*int64(i)/4, bottom-(bottom-top)*i/4
		p.Draw(`<line x1="%d" y1="%d" x2="%d" y2="%d" stroke="#ddd"/><text x="%d" y="%d" text-anchor="end">%s</text>`,
			left, at, right, at, left-8, at+4, plain(v))
	}
	x := func(i int) int { return left + (right-left)*i/max(1, len(y.lines)-1) }
	for i, l := range y.lines {
		p.Draw(`<text x="%d" y="%d" text-anchor="middle">%s</text>`, x(i), bottom+18, l.on.String()[5:7])
	}
	for k, c := range curves {
		var points strings.Builder
		for i, l := range y.lines {
			fmt.Fprintf(&points, "%d,%d ", x(i), bottom-int(c.of(l)*(bottom-top)/most))
		}
		p.Draw(`<polyline fill="none" stroke="%s" stroke-width="2.5" points="%s"/>`, c.colour, &points)
		p.Key(left+150*k, legend, c.colour, c.name)
	}
	return p.SVG()
}
