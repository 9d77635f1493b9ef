package main

import (
	"fmt"
	"strings"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/lendingtest"
	"github.com/loanweave/loanweave/schedule/money"
)

// sample is a worked question.
type sample struct{ says, line string }

// samples has one question of each kind at least; -h answers them.
func samples() []sample {
	return []sample{
		{"A payment through a waterfall by the name of its order, which are below. Managed-contract also\n" +
			"takes platform_fee and overdue_fee, the ids of two fees:",
			`{"id":"w1","waterfall":{"order":"civil-code-561","debts":[` +
				`{"instalment":1,"component":"principal","owed":"CNY 800.00"},` +
				`{"instalment":1,"component":"interest","owed":"CNY 90.00"},` +
				`{"instalment":1,"component":"fees","fee":"late","owed":"CNY 15.00"},` +
				`{"instalment":2,"component":"interest","age":"due","owed":"CNY 85.00"}],"payment":"CNY 1000.00"}}`},
		{"Or by buckets of your own, first to last. One without an age is for every age that no other\n" +
			"names. by_bucket fills a bucket for every instalment before the next bucket. Advance says which\n" +
			"instalments a payment in advance goes to:",
			`{"id":"w2","waterfall":{"by_bucket":true,"advance":"last-instalment","buckets":[{"component":"costs"},` +
				`{"component":"principal"},{"component":"interest"},{"component":"penalty"},{"component":"fees"}],` +
				`"debts":[{"instalment":1,"component":"interest","age":"past-due","owed":900},` +
				`{"instalment":1,"component":"principal","age":"past-due","owed":5000},` +
				`{"instalment":2,"component":"principal","age":"in-advance","owed":5000},` +
				`{"instalment":3,"component":"principal","age":"in-advance","owed":5000}],"payment":7000}}`},
		{"Payments shared among the lots of a claim: a running total is the floor or the ceiling of its\n" +
			"exact share at every moment. Paid is what lots had before; list a whole life of payments, or one:",
			`{"id":"d1","distribution":{"units":[1,1,1],"payments":["CNY 0.10","CNY 0.10","CNY 0.10"]}}`},
		{"", `{"id":"d2","distribution":{"units":["CNY 6000.00","CNY 4000.00"],"paid":["CNY 0.06","CNY 0.04"],"payments":["CNY 0.02"]}}`},
		{"A fee: the greater of a share of the base and a minimum, not above a maximum:",
			`{"id":"f1","fee":{"ppm":50000,"min":"USD 15.00","round":"half-up","bases":["USD 123.03","USD 829.90"]}}`},
		{"On running totals, so that rounding never adds up:",
			`{"id":"f2","fee":{"ppm":10000,"round":"down","running":true,"bases":["USD 1.50","USD 1.50","USD 1.50"]}}`},
		{"A fixed sum beside the share; the tax in a fee is by what the fee is without it, 6% here:",
			`{"id":"f3","fee":{"fixed":"CNY 5.00","ppm":10000,"tax_ppm":60000,"round":"half-up","bases":["CNY 1000.00"]}}`},
		{"Steps are other prices, each from a count on: days past due of a late fee, periods of one on\n" +
			"prepayment. By the day each day has its own count; count is that of the last. When a fee is\n" +
			"charged and who is paid do not change what it comes to, and are not asked:",
			`{"id":"f4","fee":{"per":"per-day","ppm":500,"steps":[{"from":31,"ppm":1000,"fixed":"CNY 0.10"}],"round":"half-even",` +
				`"rows":[{"base":"CNY 1000.00","days":40,"count":40},{"base":"CNY 1000.00","days":30,"count":30}]}}`},
		{"By the year of 365 days; each_day rounds what a day costs and not what is charged:",
			`{"id":"f5","fee":{"per":"per-year","ppm":100000,"round":"up","each_day":true,"rows":[{"base":"CNY 1000.00","days":30}]}}`},
		{"Penalty interest by a year of 365 days, rounded once:",
			`{"id":"p1","penalty":{"rate":"18.25% per year","round":"half-even","spans":[` +
				`{"unpaid":"CNY 1000.00","days":10},{"unpaid":"CNY 400.00","days":5}]}}`},
		{"", `{"id":"p2","penalty":{"rate":"18.25% per year","round":"half-even","minor_days":1200000}}`},
		{"Whether your own figures keep the invariants; the answer names the first that is broken:",
			`{"id":"c1","check":{"distribution":{"claims":[2,2,4],"payments":[4],"shares":[[2,0,2]]}}}`},
		{"", `{"id":"c2","check":{"waterfall":{"owed":["CNY 5.00","CNY 9.00"],"payment":"CNY 8.00",` +
			`"paid":["CNY 5.00","CNY 3.00"],"rest":"CNY 0.00"}}}`},
		{"", `{"id":"c3","check":{"conservation":{"postings":[` +
			`{"entry":1,"book":"client","account":"bank","debit":"CNY 5.00"},` +
			`{"entry":1,"book":"client","account":"bob","debit":"CNY -5.00"},` +
			`{"entry":2,"book":"client","account":"bob","debit":"CNY 6.00"},` +
			`{"entry":2,"book":"client","account":"eve","debit":"CNY -6.00"}],` +
			`"floors":[{"account":"bob","least":0,"credits":true}]}}}`},
	}
}

// sampleLines are the questions as lines.
func sampleLines() string {
	var b strings.Builder
	for _, s := range samples() {
		b.WriteString(s.line + "\n")
	}
	return b.String()
}

// usage explains the command, with the answers that it gives to the samples.
func usage() string {
	var b strings.Builder
	b.WriteString(usageHead)
	for i, s := range samples() {
		if s.says != "" {
			b.WriteString("\n" + s.says + "\n")
		}
		answer, _ := answerLine(i+1, []byte(s.line), false)
		b.WriteString("  " + s.line + "\n  " + string(answer) + "\n")
	}
	b.WriteString(words() + usageTail)
	return b.String()
}

// words lists what fields that take a word take.
func words() string {
	var b strings.Builder
	b.WriteString("\nWords, each as it stands here:\n")
	for _, w := range []struct{ field, list string }{
		{"component", names(components, lending.Component.String)},
		{"age", names(ages, lending.Age.String) + "; of a debt past-due if left out"},
		{"advance", names(advances, advanceName)},
		{"per", names(pers, lending.Per.String) + "; once if left out"},
		{"round", names(roundings, money.Mode.String)},
		{"order", strings.ReplaceAll(presetNames, " ", ", ")},
		{"invariant", invariantNames()},
	} {
		fmt.Fprintf(&b, "  %-10s %s\n", w.field, wrapped(w.list, 12))
	}
	return b.String()
}

// invariantNames are the words of an answer to a check.
func invariantNames() string {
	return names(lendingtest.Invariants(), func(i lendingtest.Invariant) string { return string(i) })
}

// wrapped breaks a text into lines, all but the first behind a margin.
func wrapped(text string, margin int) string {
	var b strings.Builder
	width := 0
	for i, word := range strings.Fields(text) {
		switch {
		case i > 0 && margin+1+width+1+len(word) > 99:
			b.WriteString("\n" + strings.Repeat(" ", margin+1))
			width = 0
		case i > 0:
			b.WriteString(" ")
			width++
		}
		b.WriteString(word)
		width += len(word)
	}
	return b.String()
}

const usageHead = `Settle answers questions of settlement, exact to the minor unit.

  go run ./examples/settle -sample | go run ./examples/settle
  go run ./examples/settle < questions.jsonl > answers.jsonl
  go run ./examples/settle -schema > settle.schema.json

Each line of stdin asks one question, a JSON object; one line of stdout answers it, with the number
of the line and the id that the question had. An amount is an exact decimal text with its currency,
"CNY 100.00", or a whole number of minor units; the answer comes in the same form. The questions:

  waterfall     what a payment pays of what is owed, and what is left over
  distribution  what each lot of a claim is given of payments
  fee           what a fee comes to, and the tax in it
  penalty       what penalty interest comes to
  check         whether figures of your own hold: of a distribution, a waterfall, or conservation
`

const usageTail = `
A line without an answer has errors instead:
  {"line":12,"errors":[{"code":"text","field":"fee.PPM","problem":"is no field, want ppm"}]}
Line counts the lines of input from 1; field is the path of what is wrong, places in a list counted
from 0: "fee.steps[1].ppm". Code says what kind of error it is: line (above 64 KiB), json (no JSON
object, or text behind it), text (a field that does not read, is missing, is none, or is there
twice; names are read letter by letter), question (figures that do not fit together), overflow
(beyond 2^53-1 minor units). A bad line never stops the others. Answers are written when no further
line is waiting, so a program can ask and wait in turn. It ends with 0 when every line had an
answer (a broken invariant is one), with 1 when one had none or a file failed, and with 2 on a bad
flag. The library behind it: lending.Waterfall, money.Apportioner, lending.Fee, lending.PenaltyOn
and the checks of lendingtest.

`
