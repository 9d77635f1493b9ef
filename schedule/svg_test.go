package schedule_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/schedule"
)

// checkSVG reads a picture as XML and looks that it says what it is, and that all is inside.
func checkSVG(t rapid.TB, text []byte) (texts []string) {
	t.Helper()
	dec := xml.NewDecoder(bytes.NewReader(text))
	open, elements := "", map[string]int{}
	for {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("%v in %s", err, text[:min(len(text), 2000)])
		}
		switch token := token.(type) {
		case xml.StartElement:
			open = token.Name.Local
			elements[open]++
			for _, attr := range token.Attr {
				checkInside(t, attr)
			}
		case xml.CharData:
			if said := strings.TrimSpace(string(token)); said != "" {
				texts = append(texts, open+": "+said)
			}
		}
	}
	if elements["svg"] != 1 || elements["desc"] != 1 || elements["title"] == 0 ||
		!strings.HasPrefix(texts[0], "title: ") || !strings.HasPrefix(texts[1], "desc: ") {
		t.Fatalf("elements %v, texts %q", elements, texts[:min(len(texts), 3)])
	}
	return texts
}

// numbers of a path that stand for places, with what they stand for.
var numbers = regexp.MustCompile(`([MHV])([0-9.]+)(?: ([0-9.]+))?`)

func checkInside(t rapid.TB, attr xml.Attr) {
	t.Helper()
	inside := func(text string, most float64) {
		if at, err := strconv.ParseFloat(text, 64); err != nil || at < 0 || at > most {
			t.Fatalf("%s of %s is outside", text, attr.Name.Local)
		}
	}
	const width, height = 960, 480
	switch attr.Name.Local {
	case "x", "cx":
		inside(attr.Value, width)
	case "y", "cy":
		inside(attr.Value, height)
	case "d":
		for _, place := range numbers.FindAllStringSubmatch(attr.Value, -1) {
			switch {
			case place[1] == "V":
				inside(place[2], height)
			default:
				inside(place[2], width)
			}
			if place[3] != "" {
				inside(place[3], height)
			}
		}
	}
}

func TestSVGOfEveryPlan(t *testing.T) {
	for name, plan := range variedPlans(t) {
		t.Run(name, func(t *testing.T) {
			text := plan.AppendSVG(nil)
			texts := strings.Join(checkSVG(t, text), "\n")
			cur := plan.Terms().Principal.Currency().Code()
			for _, want := range []string{"Instalment, " + cur, "Balance, " + cur,
				plan.TotalPayment().Text(), plan.Maturity().String()} {
				if !strings.Contains(texts, want) {
					t.Errorf("no %q in %.1000s", want, texts)
				}
			}
			if !bytes.Equal(text, plan.AppendSVG(nil)) {
				t.Error("two pictures of one plan differ")
			}
			if len(text) > 400*plan.Len()+4000 {
				t.Errorf("%d bytes for %d instalments", len(text), plan.Len())
			}
		})
	}
	checkSVG(t, schedule.Plan{}.AppendSVG(nil))
	rapid.Check(t, func(t *rapid.T) {
		if plan, err := anyTerms().Draw(t, "terms").Plan(); err == nil {
			checkSVG(t, plan.AppendSVG(nil))
		}
	})
}

// Axes end on round numbers, in words where they are long.
func TestSVGAxes(t *testing.T) {
	for _, test := range []struct{ name, end, unit string }{
		{"level", "text: 100,000", "text: Balance, CNY"},
		{"coins", "text: 0.04", "text: Balance, CNY"},
		{"yen", "text: 1,000,000", "text: Balance, JPY"},
		{"vast", "text: 80,000", "text: Balance, CNY billion"},
		{"fine", "text: 0.000000000160", "text: Balance, XTS"},
	} {
		t.Run(test.name, func(t *testing.T) {
			plan := variedPlans(t)[test.name]
			texts := "\n" + strings.Join(checkSVG(t, plan.AppendSVG(nil)), "\n") + "\n"
			for _, want := range []string{test.end, test.unit} {
				if !strings.Contains(texts, "\n"+want+"\n") {
					t.Errorf("no %q in %.1500s", want, texts)
				}
			}
		})
	}
}
