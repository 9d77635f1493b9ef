package main

import (
	"bytes"
	"fmt"
)

// The picture's measures, in pixels.
const (
	barLeft, barWidth, barHeight, barStep = 340, 500, 20, 34
	top, below                            = 70, 30
)

// chart draws who bore the loss under each model, as SVG: a bar a model, all of one length.
func chart(list []result) []byte {
	parts := []struct {
		who, colour string
		of          func(purses) int64
	}{
		{"lenders", "#c0392b", func(p purses) int64 { return p.Lenders }},
		{"backer", "#2c7fb8", func(p purses) int64 { return p.Backers }},
		{"platform", "#7f8c8d", func(p purses) int64 { return p.Platform }},
	}
	height := top + barStep*len(list) + below
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="13">`+
		"\n", barLeft+barWidth+20, height)
	fmt.Fprintf(&b, `<rect width="100%%" height="100%%" fill="white"/>`+"\n")
	fmt.Fprintf(&b, `<text x="10" y="24" font-size="16">Who bore what borrowers left unpaid</text>`+"\n")
	for i, p := range parts {
		x := barLeft + 110*i
		fmt.Fprintf(&b, `<rect x="%d" y="38" width="12" height="12" fill="%s"/><text x="%d" y="49">%s</text>`+"\n",
			x, p.colour, x+18, p.who)
	}
	for i, r := range list {
		y, x := top+barStep*i, int64(barLeft)
		fmt.Fprintf(&b, `<text x="10" y="%d">%s &#183; %s</text>`+"\n", y+15, r.model.name, r.model.chinese)
		all := max(1, -r.loss.Borrowers)
		var sum int64
		for _, p := range parts {
			sum += max(0, p.of(r.loss))
			to := barLeft + min(sum, all)*barWidth/all
			fmt.Fprintf(&b, `<rect x="%d" y="%d" width="%d" height="%d" fill="%s"><title>%s</title></rect>`+"\n",
				x, y, to-x, barHeight, p.colour, plain(p.of(r.loss)))
			x = to
		}
	}
	fmt.Fprintf(&b, `<text x="%d" y="%d">0</text><text x="%d" y="%d" text-anchor="end">100%%</text>`+"\n</svg>\n",
		barLeft, height-10, barLeft+barWidth, height-10)
	return b.Bytes()
}
