package main

import "github.com/loanweave/loanweave/examples/desk"

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
	p := desk.NewPicture(barLeft+barWidth+20, height, "Who bore what borrowers left unpaid")
	for i, x := range parts {
		p.Key(barLeft+110*i, 38, x.colour, x.who)
	}
	for i, r := range list {
		y, x := top+barStep*i, int64(barLeft)
		p.Draw(`<text x="10" y="%d">%s &#183; %s</text>`, y+15, r.model.name, r.model.chinese)
		all := max(1, -r.loss.Borrowers)
		var sum int64
		for _, part := range parts {
			sum += max(0, part.of(r.loss))
			to := barLeft + min(sum, all)*barWidth/all
			p.Draw(`<rect x="%d" y="%d" width="%d" height="%d" fill="%s"><title>%s</title></rect>`,
				x, y, to-x, barHeight, part.colour, plain(part.of(r.loss)))
			x = to
		}
	}
	p.Draw(`<text x="%d" y="%d">0</text><text x="%d" y="%d" text-anchor="end">100%%</text>`,
		barLeft, height-10, barLeft+barWidth, height-10)
	return p.SVG()
}
