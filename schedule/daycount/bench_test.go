package daycount_test

import (
	"testing"

	"github.com/loanweave/loanweave/schedule/calendar"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/daycount"
)

func BenchmarkFraction(b *testing.B) {
	from, to := civil.MustParse("2026-01-31"), civil.MustParse("2026-03-31")
	for _, c := range all {
		b.Run(c.String(), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if num, den := c.Fraction(from, to); num >= den {
					b.Fatal("more than a year")
				}
			}
		})
	}
}

func BenchmarkFractionIn(b *testing.B) {
	from, to := civil.MustParse("2026-01-31"), civil.MustParse("2026-03-31")
	ctx := daycount.Context{
		Start: from, End: to, PerYear: 6, Maturity: to, Calendar: calendar.SaturdaySunday(),
	}
	for _, c := range all {
		b.Run(c.String(), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if num, den := c.FractionIn(ctx, from, to); num >= den {
					b.Fatal("more than a year")
				}
			}
		})
	}
}
