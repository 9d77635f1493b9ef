package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/loanweave/loanweave/schedule/civil"
)

// progress draws a bar that is overwritten in place. One without a writer draws nothing.
type progress struct {
	w     io.Writer
	total int
	shown time.Time
}

const (
	barWidth = 30
	redraw   = 100 * time.Millisecond
)

func (p *progress) show(done int, day civil.Date, commands int) {
	if p.w == nil || p.total == 0 || time.Since(p.shown) < redraw {
		return
	}
	p.shown = time.Now()
	done = min(done, p.total)
	full := barWidth * done / p.total
	fmt.Fprintf(p.w, "\r[%s%s] %3d%%  %s  %d commands ", strings.Repeat("#", full),
		strings.Repeat(".", barWidth-full), 100*done/p.total, day, commands)
}

// end wipes the bar.
func (p *progress) end() {
	if p.w != nil && !p.shown.IsZero() {
		fmt.Fprintf(p.w, "\r%s\r", strings.Repeat(" ", barWidth+50))
	}
}
