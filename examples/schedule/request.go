package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/daycount"
	"github.com/loanweave/loanweave/schedule/money"
)

// request is the command line.
type request struct {
	terms  schedule.Terms
	given  bool   // the terms were given by flags
	format string // one of formats, or "" for what suits
	on     civil.Date
	schema bool
}

const formatJSON, formatText = "json", "text"

// formats are the faces of a plan.
const formats = "json csv markdown text svg"

// sample are the terms of which flags change what they name.
func sample() schedule.Terms {
	return schedule.Terms{
		Principal: money.MustParse("CNY 10000.00"),
		Rate:      schedule.MustRate("12% per year"),
		Method:    schedule.MethodLevelPayment,
		Periods:   12,
		Every:     schedule.Months(1),
		Start:     civil.MustParse("2026-01-31"),
		DayCount:  daycount.Thirty360US,
		Accrual:   schedule.AccrueByPeriod,
		Rounding:  schedule.Rounding{Instalment: money.HalfEven, Interest: money.HalfEven},
	}
}

func parse(args []string, stderr io.Writer) (*request, error) {
	req := &request{terms: sample()}
	fs := flag.NewFlagSet("schedule", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	req.addTerms(fs)
	fs.Func("format", "write the plan as `one` of "+formats+
		" (default: text for flags, json for lines)", req.setFormat)
	fs.TextVar(&req.on, "on", req.on, "answer with what is owed on a `date` instead of the plan")
	fs.BoolVar(&req.schema, "schema", false, "write the JSON Schema of plans and terms")
	if err := fs.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			fmt.Fprint(stderr, usage)
			fs.SetOutput(stderr)
			fs.PrintDefaults()
		}
		return nil, err
	}
	if fs.NArg() > 0 {
		return nil, fmt.Errorf("unexpected %q: terms come as flags or on stdin", fs.Arg(0))
	}
	own := map[string]bool{}
	fs.Visit(func(f *flag.Flag) {
		own[f.Name] = true
		req.given = req.given || !slices.Contains([]string{"format", "on", "schema"}, f.Name)
	})
	if own["maturity"] && !own["periods"] && !own["terms"] {
		req.terms.Periods = 0
	}
	if !req.on.IsZero() && !slices.Contains([]string{"", formatJSON, formatText}, req.format) {
		return nil, errors.New("-on answers in text or json only")
	}
	return req, nil
}

// addTerms adds the flags that say the terms of one loan.
func (req *request) addTerms(fs *flag.FlagSet) {
	t := &req.terms
	fs.TextVar(&t.Principal, "principal", t.Principal, "the `amount` lent, with its currency")
	fs.TextVar(&t.Rate, "rate", t.Rate, "the `rate` of interest per year or per period")
	fs.TextVar(&t.Method, "method", t.Method, "the `method`: "+words[schedule.Method]())
	fs.IntVar(&t.Periods, "periods", t.Periods, "the `number` of instalments")
	fs.TextVar(&t.Every, "every", t.Every, "the `length` of a period: 1 month, 2 weeks, 10 days")
	fs.TextVar(&t.Start, "start", t.Start, "the `date` from which interest accrues")
	fs.TextVar(&t.FirstDue, "first-due", t.FirstDue, "the `date` of the first instalment, if odd")
	fs.TextVar(&t.Maturity, "maturity", t.Maturity, "the `date` that ends the term")
	fs.TextVar(&t.DayCount, "day-count", t.DayCount,
		"the `convention`: "+words[daycount.Convention]())
	fs.TextVar(&t.Accrual, "accrual", t.Accrual,
		"the `accrual` of interest: "+words[schedule.Accrual]())
	fs.TextVar(&t.Payment, "payment", t.Payment, "the `amount` of a payment, instead of figuring it")
	fs.TextVar(&t.Balloon, "balloon", t.Balloon, "the `amount` of principal that only the last pays")
	fs.IntVar(&t.Grace.Principal, "grace", 0, "the `number` of first instalments of interest only")
	fs.Func("rounding", "the `mode` of both roundings: "+words[money.Mode]()+" (default half-even)",
		func(s string) error {
			err := t.Rounding.Interest.UnmarshalText([]byte(s))
			t.Rounding.Instalment = t.Rounding.Interest
			return err
		})
	fs.Func("terms", "any fields of the terms as `JSON`, over the flags before it",
		func(s string) error { return schedule.ReadTerms([]byte(s), t) })
}

// words are the texts of an enum, which is numbered from 1, six to a line of the help.
func words[E interface {
	~uint8
	IsValid() bool
	String() string
}]() (text string) {
	for e := E(1); e.IsValid(); e++ {
		switch {
		case e == 1:
		case e%6 == 1:
			text += ",\n"
		default:
			text += ", "
		}
		text += e.String()
	}
	return text
}

func (req *request) setFormat(s string) error {
	if !slices.Contains(strings.Fields(formats), s) {
		return errors.New("want one of " + formats)
	}
	req.format = s
	return nil
}

const usage = `Schedule makes repayment plans, exact to the cent.

One loan, by flags, of which each has a default:
  go run ./examples/schedule -principal "CNY 250000.00" -rate "4.2% per year" -periods 360
  go run ./examples/schedule -method equal-principal -rounding half-up -format csv
  go run ./examples/schedule -periods 36 -format svg > plan.svg
  go run ./examples/schedule -periods 24 -on 2026-06-15
  go run ./examples/schedule -terms '{"grace":{"free":2},"rounding":{"unit":100}}'

Terms, as JSON or over the flags before it, reach everything: calendars, what happens under way
(prepay, pay-off, short, holiday, reschedule, ...), a part kept back from the payout, and more, which
-schema lists with a sentence for each field:
  -terms '{"shift":{"rule":"following","calendar":{"weekend":["sat","sun"],"holidays":["2026-05-01"]}}}'
  -terms '{"changes":[{"on":"2026-06-15","kind":"prepay","amount":"CNY 3000.00","effect":"shorter"}]}'
  -terms '{"discount":"CNY 200.00"}'

Many loans, each the JSON of its terms on one line of stdin, answered on one line of stdout,
in the order of the lines and with their numbers, from 1:
  go run ./examples/schedule < terms.jsonl > plans.jsonl
  go run ./examples/schedule -on 2026-06-15 < terms.jsonl
  go run ./examples/schedule -schema > schema.json

  {"principal":"CNY 10000.00","rate":"12% per year","method":"level-payment","periods":12,
   "every":"1 month","start":"2026-01-31","day_count":"30/360","accrual":"by-period",
   "rounding":{"instalment":"half-even","interest":"half-even"}}          (on one line)
  {"line":1,"plan":{"terms":{...},"rows":[...]}}
  {"line":2,"position":{"on":"2026-06-15","outstanding":...,"accrued":...,"payoff":...}}   with -on
  {"line":3,"errors":[{"code":"terms","field":"periods","problem":"must be 1 to 600"}]}

Code says what kind of error it is: line (above 64 KiB), json (no JSON object, or text behind it),
text (a field that does not read, is none, or is there twice; names are read letter by letter), terms
(rules that make no plan), overflow (beyond the largest amount). All faults of a line are told, up to
100: first those of its fields as they stand, then any text behind the object. A line that is no
object has one fault. A bad line never stops the others. Answers are written when no further line is
waiting, so a program can ask and wait in turn. The one loan of -format json has no line number.

Without flags, and with nothing on stdin, it shows the plan of a sample loan. It ends with 0 when
every loan had a plan, with 1 when one had none or a file failed, and with 2 on a bad flag.

`
