package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/money"
)

// ask has one question answered, which must have an answer.
func ask(t rapid.TB, q request) reply {
	t.Helper()
	line, err := json.Marshal(q)
	if err != nil {
		t.Fatal(err)
	}
	r := answered(t, line)
	if len(r.Errors) > 0 {
		t.Fatalf("%s: %v", line, r.Errors)
	}
	return r
}

// answered decodes the answer to a line, which must be one line of JSON.
func answered(t rapid.TB, line []byte) (r reply) {
	t.Helper()
	text, ok := answerLine(1, line, false)
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&r); err != nil || bytes.ContainsRune(text, '\n') || ok != (len(r.Errors) == 0) {
		t.Fatalf("ok is %t, %v: %s", ok, err, text)
	}
	return r
}

// drawForm draws the form of a question's figures: minor units, or texts of a currency.
func drawForm(t *rapid.T) func(minor int64) figure {
	code := rapid.SampledFrom([]string{"", "CNY", "JPY", "KWD"}).Draw(t, "currency")
	var c money.Currency
	if code != "" {
		c = money.MustCurrency(code)
	}
	return func(minor int64) figure { return figure{minor, c} }
}

func drawFigures(t *rapid.T, form func(int64) figure, name string, least, most int) (list []figure) {
	for _, n := range rapid.SliceOfN(rapid.OneOf(rapid.Int64Range(1, 9), rapid.Int64Range(1, 1e9)), least, most).Draw(t, name) {
		list = append(list, form(n))
	}
	return list
}

// Shares of a whole life pass the check of lendingtest, asked through the same door; and a life asked
// payment by payment, each with what was paid before, has the same shares.
func TestDistributionsHold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		form := drawForm(t)
		claims := drawFigures(t, form, "claims", 1, 8)
		var left int64
		for _, c := range claims {
			left += c.Minor
		}
		var payments []figure
		for left > 0 && len(payments) < 9 {
			n := rapid.Int64Range(0, left).Draw(t, "payment")
			payments = append(payments, form(n))
			left -= n
		}
		payments = append(payments, form(left))
		whole := ask(t, request{Distribution: &distribution{Units: claims, Payments: payments}}).Distribution
		got := ask(t, request{Check: &check{Distribution: &life{claims, payments, whole.Shares}}}).Check
		if !got.Holds {
			t.Fatalf("%s: %s", got.Invariant, got.Where)
		}
		var paid []figure
		for k, n := range payments {
			one := ask(t, request{Distribution: &distribution{Units: claims, Paid: paid, Payments: []figure{n}}}).Distribution
			if fmt.Sprint(one.Shares[0]) != fmt.Sprint(whole.Shares[k]) {
				t.Fatalf("payment %d alone gives %v, in its life %v", k, one.Shares[0], whole.Shares[k])
			}
			paid = one.Paid
		}
		if fmt.Sprint(paid) != fmt.Sprint(claims) {
			t.Fatalf("all is paid, lots have %v of %v", paid, claims)
		}
	})
}

// Parts of a payment, put in the order of payment, pass the check of lendingtest.
func TestWaterfallsHold(t *testing.T) {
	orders := strings.Fields(presetNames)
	rapid.Check(t, func(t *rapid.T) {
		form := drawForm(t)
		w := waterfall{Order: rapid.SampledFrom(orders).Draw(t, "order"), Payment: form(rapid.Int64Range(0, 3e9).Draw(t, "payment"))}
		if w.Order == "managed-contract" {
			w.PlatformFee, w.OverdueFee = "platform", "overdue"
		}
		for i, f := range drawFigures(t, form, "owed", 0, 9) {
			c := component(rapid.SampledFrom(components).Draw(t, "component"))
			w.Debts = append(w.Debts, debt{Instalment: i / 3, Component: c, Owed: f})
		}
		if w.Debts == nil {
			w.Debts = []debt{}
		}
		all := ask(t, request{Waterfall: &waterfall{w.Order, w.PlatformFee, w.OverdueFee, nil, false, nil, w.Debts,
			form(1e12)}}).Waterfall // the order in which all would be paid
		some := ask(t, request{Waterfall: &w}).Waterfall
		paid := map[int]figure{}
		for _, p := range some.Parts {
			paid[p.Debt] = p.Paid
		}
		took := taking{Owed: []figure{}, Payment: w.Payment, Paid: []figure{}, Rest: some.Rest}
		for _, p := range all.Parts {
			got, there := paid[p.Debt]
			if !there {
				got = form(0)
			}
			took.Owed, took.Paid = append(took.Owed, w.Debts[p.Debt-1].Owed), append(took.Paid, got)
		}
		if len(all.Parts) != len(w.Debts) {
			t.Fatalf("%d debts, %d paid", len(w.Debts), len(all.Parts))
		}
		if got := ask(t, request{Check: &check{Waterfall: &took}}).Check; !got.Holds {
			t.Fatalf("%s: %s", got.Invariant, got.Where)
		}
	})
}

// A running fee is, in all, the fee on all; rounded down it never is above its exact share.
func TestRunningFees(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		form := drawForm(t)
		ppm := rapid.IntRange(0, 1_000_000).Draw(t, "ppm")
		f := fee{PPM: &ppm, Round: rounding(rapid.IntRange(1, 7).Draw(t, "round")),
			Bases: drawFigures(t, form, "bases", 1, 9), Running: true}
		running := ask(t, request{Fee: &f}).Fee
		var base, total int64
		for i, b := range f.Bases {
			base += b.Minor
			if total += running.Fees[i].Minor; running.Fees[i].Minor < 0 {
				t.Fatalf("fee %d is %d", i, running.Fees[i].Minor)
			}
		}
		whole := ask(t, request{Fee: &fee{PPM: f.PPM, Round: f.Round, Bases: []figure{form(base)}}}).Fee
		if total != running.Total.Minor || whole.Total != running.Total {
			t.Fatalf("%d in parts, total %v, at once %v", total, running.Total, whole.Total)
		}
		exact := new(big.Rat).SetFrac(new(big.Int).Mul(big.NewInt(base), big.NewInt(int64(ppm))), big.NewInt(1_000_000))
		off := new(big.Rat).Sub(new(big.Rat).SetInt64(total), exact)
		if off.Abs(off).Cmp(big.NewRat(1, 1)) >= 0 {
			t.Fatalf("a fee of %d on %d is %s away", total, base, off)
		}
	})
}

// Penalty interest on spans is that on their minor-days.
func TestPenaltiesAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rate, err := schedule.RateFromPico(rapid.Int64Range(0, 1e12).Draw(t, "rate"), schedule.PerYear)
		if err != nil {
			t.Fatal(err)
		}
		p := penalty{Rate: rate, Round: rounding(rapid.IntRange(1, 7).Draw(t, "round"))}
		for _, f := range drawFigures(t, func(n int64) figure { return figure{Minor: n} }, "unpaid", 1, 5) {
			p.Spans = append(p.Spans, span{f, rapid.IntRange(1, 999).Draw(t, "days")})
		}
		spans := ask(t, request{Penalty: &p}).Penalty
		whole := ask(t, request{Penalty: &penalty{Rate: rate, Round: p.Round, MinorDays: spans.MinorDays}}).Penalty
		if *spans != *whole {
			t.Fatalf("%v by spans, %v by minor-days", *spans, *whole)
		}
	})
}

// No line makes the door fail, and what it answers is one line that reads.
func FuzzLine(f *testing.F) {
	for line := range strings.Lines(sampleLines()) {
		f.Add([]byte(strings.TrimSpace(line)))
	}
	f.Add([]byte(`{"id":1,"note":2,"fee":{"ppm":"1"}} and more`))
	f.Fuzz(func(t *testing.T, line []byte) {
		if r := answered(t, line); len(r.ID) > maxID {
			t.Fatalf("id %q", r.ID)
		}
	})
}

// What a question may leave out, and what not, the schema says: without a field that it requires a
// line has no answer.
func TestEveryFieldIsNeeded(t *testing.T) {
	mayLack := map[string]string{"w2": "by_bucket, advance", "d2": "paid", "f1": "min", "f2": "running",
		"f3": "fixed, ppm, tax_ppm", "f4": "ppm", "f5": "each_day"}
	for _, s := range samples() {
		var tree map[string]any
		if err := json.Unmarshal([]byte(s.line), &tree); err != nil {
			t.Fatal(err)
		}
		for kind, question := range tree {
			fields, _ := question.(map[string]any)
			for name, value := range fields {
				delete(fields, name)
				line, _ := json.Marshal(tree)
				fields[name] = value
				if r := answered(t, line); (len(r.Errors) == 0) != strings.Contains(mayLack[tree["id"].(string)], name) {
					t.Errorf("%s of %s without %s: %v", kind, tree["id"], name, r.Errors)
				}
			}
		}
	}
}
