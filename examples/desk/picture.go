package desk

import (
	"bytes"
	"fmt"
)

// Picture is an SVG that is drawn element by element, in pixels.
type Picture struct{ b bytes.Buffer }

// NewPicture is a white sheet with a title.
func NewPicture(width, height int, title string) *Picture {
	p := new(Picture)
	p.Draw(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="13">`, width, height)
	p.Draw(`<rect width="100%%" height="100%%" fill="white"/>`)
	p.Draw(`<text x="10" y="24" font-size="16">%s</text>`, title)
	return p
}

// Draw adds elements as they are to be written.
func (p *Picture) Draw(format string, args ...any) { fmt.Fprintf(&p.b, format+"\n", args...) }

// Key adds an entry of the legend.
func (p *Picture) Key(x, y int, colour, name string) {
	p.Draw(`<rect x="%d" y="%d" width="12" height="12" fill="%s"/><text x="%d" y="%d">%s</text>`, x, y, colour, x+18, y+11, name)
}

// SVG ends the picture.
func (p *Picture) SVG() []byte {
	p.Draw("</svg>")
	return p.b.Bytes()
}
