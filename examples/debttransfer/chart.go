package main

import (
	"bytes"
	"fmt"
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
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="13">`+"\n",
		right+30, legend+30)
	fmt.Fprintln(&b, `<rect width="100%" height="100%" fill="white"/>`)
	fmt.Fprintln(&b, `<text x="10" y="24" font-size="16">A year of a fronting lender's desk, whole CNY</text>`)
	for i := range 5 {
		v, at := most*int64(i)/4, bottom-(bottom-top)*i/4
		fmt.Fprintf(&b, `<line x1="%d" y1="%d" x2="%d" y2="%d" stroke="#ddd"/><text x="%d" y="%d" text-anchor="end">%s</text>`+"\n",
			left, at, right, at, left-8, at+4, plain(v))
	}
	x := func(i int) int { return left + (right-left)*i/max(1, len(y.lines)-1) }
	for i, l := range y.lines {
		fmt.Fprintf(&b, `<text x="%d" y="%d" text-anchor="middle">%s</text>`+"\n", x(i), bottom+18, l.on.String()[5:7])
	}
	for k, c := range curves {
		fmt.Fprintf(&b, `<polyline fill="none" stroke="%s" stroke-width="2.5" points="`, c.colour)
		for i, l := range y.lines {
			fmt.Fprintf(&b, "%d,%d ", x(i), bottom-int(c.of(l)*(bottom-top)/most))
		}
		fmt.Fprintf(&b, `"/><rect x="%d" y="%d" width="12" height="12" fill="%s"/><text x="%d" y="%d">%s</text>`+"\n",
			left+150*k, legend, c.colour, left+150*k+18, legend+11, c.name)
	}
	fmt.Fprintln(&b, "</svg>")
	return b.Bytes()
}
