package schedule

import (
	"encoding"
	"encoding/json"
	"reflect"
	"strings"

	"github.com/loanweave/loanweave/schedule/calendar"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// Schema gives the JSON Schema (draft 2020-12) of a Plan as indented JSON, the same bytes every
// time. That of Terms is its definition #/$defs/Terms. It is made from the types themselves, so it
// names every field and every word that they have, and it says what each field of the terms is for.
// It says what a text must look like; what figures must be to each other, Terms.Validate and
// Plan.Check say.
func Schema() []byte {
	defs := definitions{}
	root := keywords{
		"$schema": "https://json-schema.org/draft/2020-12/schema",
		"title":   "The plan of a loan, exact to the minor unit",
		"$defs":   defs,
		"$ref":    defs.of(reflect.TypeFor[planJSON]())["$ref"],
	}
	text, _ := json.MarshalIndent(root, "", "  ") // texts, numbers and maps of them do not fail
	return append(text, '\n')
}

// keywords are one schema, by the names of the standard.
type keywords map[string]any

// definitions are the schemas that others refer to, by the names of their types.
type definitions map[string]keywords

// of is the schema of a type: a reference to the definition of a struct, a text or an enum, which
// it adds when it is not there, and the type itself otherwise.
func (defs definitions) of(t reflect.Type) keywords {
	switch t.Kind() {
	case reflect.Bool:
		return keywords{"type": "boolean"}
	case reflect.Int, reflect.Int64:
		return keywords{"type": "integer", "minimum": 0}
	case reflect.Slice:
		return keywords{"type": "array", "items": defs.of(t.Elem())}
	}
	name := strings.TrimSuffix(t.Name(), "JSON")
	name = strings.ToUpper(name[:1]) + name[1:]
	if _, there := defs[name]; !there {
		defs[name] = nil // a type within itself ends here
		defs[name] = defs.define(t)
	}
	return keywords{"$ref": "#/$defs/" + name}
}

// define is the schema that stands in the definitions.
func (defs definitions) define(t reflect.Type) keywords {
	_, texts := reflect.Zero(t).Interface().(encoding.TextMarshaler)
	switch {
	case t == reflect.TypeFor[calendar.Calendar]():
		return defs.calendar()
	case texts && t.Kind() == reflect.Uint8:
		return keywords{"enum": wordsOf(t)}
	case texts:
		return textOf(t)
	}
	object := defs.object(t)
	if t == reflect.TypeFor[planJSON]() {
		rows := object["properties"].(keywords)["rows"].(keywords)
		rows["minItems"], rows["maxItems"] = 1, MaxRows
	}
	return object
}

// object is the schema of a struct: its fields and nothing else. Those that may be left out are the
// ones whose tag says so.
func (defs definitions) object(t reflect.Type) keywords {
	fields, required := keywords{}, []string{}
	for i := range t.NumField() {
		name, options, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		fields[name] = defs.of(t.Field(i).Type)
		if said, there := descriptions[t.Name()+"."+name]; there {
			fields[name].(keywords)["description"] = said
		}
		if options == "" {
			required = append(required, name)
		}
	}
	return keywords{"type": "object", "properties": fields, "required": required,
		"additionalProperties": false}
}

// calendar is the schema of a calendar, which writes its rules.
func (defs definitions) calendar() keywords {
	day := keywords{"enum": []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}}
	dates := keywords{"type": "array", "items": defs.of(reflect.TypeFor[civil.Date]()),
		"maxItems": calendar.MaxSpecialDays}
	return keywords{
		"description": "The days that are no business days; {} when there are none.",
		"type":        "object",
		"properties": keywords{
			"weekend":  keywords{"type": "array", "items": day, "maxItems": 6},
			"holidays": dates,
			"workdays": dates,
		},
		"additionalProperties": false,
	}
}

// wordsOf are the texts of an enum, which is numbered from 1 without a gap.
func wordsOf(t reflect.Type) []string {
	var words []string
	for i := uint64(1); i <= 255; i++ {
		value := reflect.New(t).Elem()
		value.SetUint(i)
		word, err := value.Interface().(encoding.TextMarshaler).MarshalText()
		if err != nil {
			break
		}
		words = append(words, string(word))
	}
	return words
}

// textOf is the schema of a type that writes a text of its own form.
func textOf(t reflect.Type) keywords {
	text := keywords{"type": "string"}
	switch t {
	case reflect.TypeFor[money.Amount]():
		text["description"] = `A currency and a decimal number, "CNY 10000.00"; "0" is nothing.`
		text["pattern"] = `^(0|[A-Z]{3} -?[0-9]+(\.[0-9]+)?)$`
		text["maxLength"] = 40
	case reflect.TypeFor[civil.Date]():
		text["description"] = `A day of the years 1 to 9999, "2026-01-31".`
		text["format"] = "date"
		text["pattern"] = `^[0-9]{4}-[0-9]{2}-[0-9]{2}$`
	case reflect.TypeFor[Rate]():
		text["description"] = `A share and what it is for, "12% per year", from 0 to 10000%.`
		text["pattern"] = `^[0-9]{1,5}(\.[0-9]{1,10})?% (per year|per period|of principal)$`
	case reflect.TypeFor[Frequency]():
		text["description"] = `The length of a period, "1 month" or "2 weeks", ten years at most.`
		text["pattern"] = `^(1 (month|week|day)|([2-9]|[1-9][0-9]+) (months|weeks|days)|` +
			textSemiMonthly + `|` + textAtMaturity + `)$`
	}
	return text
}

// descriptions say what the fields of terms are for.
var descriptions = map[string]string{
	"Terms.principal":    "What is lent, all tranches together.",
	"Terms.rate":         "The nominal rate of interest, per year or per period.",
	"Terms.method":       "How the loan is paid back.",
	"Terms.periods":      "The number of periods, 1 to 600; may be left out with a maturity.",
	"Terms.every":        "The length of a period.",
	"Terms.start":        "The day from which interest accrues.",
	"Terms.first_due":    "The first due date; left out: one period after start.",
	"Terms.day_count":    "Counts odd periods, and by-days every period.",
	"Terms.accrual":      "Whether interest is counted by whole periods or by days.",
	"Terms.rounding":     "Where figures are rounded, and how.",
	"Terms.maturity":     "Ends the term on this day.",
	"Terms.stub":         "The last period of a maturity without periods; left out: short.",
	"Terms.month_end":    "From the end of a month, due dates stay at the end of theirs.",
	"Terms.shift":        "Moves days that are not business days.",
	"Terms.sizing":       "How the level payment is figured; left out: by-period.",
	"Terms.payment":      "What an instalment pays, instead of figuring it.",
	"Terms.negative":     "fixed-payment: unpaid interest may add to the balance.",
	"Terms.balloon":      "The part of the principal that only the last instalment pays.",
	"Terms.principals":   "custom: the principal of each instalment.",
	"Terms.steps":        "stepped: changes of the payment.",
	"Terms.rates":        "Changes of the rate, by rising days.",
	"Terms.tranches":     "What of the principal is paid out after start, by rising days.",
	"Terms.changes":      "What else happens, prepayments and the like, by days that do not fall.",
	"Terms.grace":        "Lets the first instalments off a part of what they would pay.",
	"Terms.in_advance":   "Interest is paid as a period begins.",
	"Terms.interest":     "Dates of its own for interest.",
	"Terms.capitalise":   "Interest due up to and on this day is added to the balance.",
	"Terms.down_payment": "The share that is paid back as it is paid out, of principal.",
	"Terms.fees":         "Charges of the plan itself.",
	"Terms.discount":     "Kept back from what is paid out on start.",

	"Rounding.instalment": "Rounds what repeats: the level payment, the equal share.",
	"Rounding.interest":   "Rounds the interest of a row.",
	"Rounding.unit":       "What repeats is a multiple of so many minor units; left out: 1.",
	"Rounding.grain":      "How often interest is rounded; left out: row.",
	"Rounding.remainder":  "Which equal share takes what is left over; left out: last.",
	"Rounding.smooth":     "Spreads over all level payments what the last differs by.",

	"Shift.rule":     "Which business day a day moves to.",
	"Shift.calendar": "The days that are no business days.",
	"Shift.accrual":  "Interest counts to the moved day as well; for accrual by-days.",

	"Grace.principal": "The number of first instalments that pay interest only.",
	"Grace.interest":  "The number of first instalments that pay no interest; it falls due after them.",
	"Grace.free":      "The number of first periods that bear no interest.",

	"Cycle.first": "The first date.",
	"Cycle.every": "The time from one date to the next; of a fee that is due once it is left out.",

	"Fee.cycle":  "When it is due: on these dates before the end of the term, and at the end.",
	"Fee.amount": "What is due each time, unless there is a rate.",
	"Fee.rate":   "per year or per period: of the balance, as interest is; or of principal, each time.",

	"RateStep.from": "The first day at the new rate.",
	"RateStep.rate": "The new rate, per year or per period.",
	"RateStep.keep": "The level payment stays; the last instalment takes the difference.",

	"Tranche.on":     "The day on which it is paid out, after start.",
	"Tranche.amount": "What is paid out, a part of the principal.",

	"Step.from":  "The instalment from which it holds, counted from 1.",
	"Step.share": "What it pays of the first payment, as a rate of principal.",

	"Change.on": "The day on which it happens, after what is due on it.",
	"Change.kind": "prepay (amount, effect), pay-off, short (amount), holiday (until, capitalise), " +
		"reschedule (first, every, count, keep), resize, capitalise, waive (amount, effect), " +
		"early (count). Other fields are left out.",
	"Change.amount":     "prepay and short: what is paid; waive: the principal that is let off.",
	"Change.effect":     "prepay and waive: what becomes of the instalments; left out: lower.",
	"Change.until":      "holiday: instalments from on to before this day are let off.",
	"Change.capitalise": "holiday: interest is added to the balance on each of their dates.",
	"Change.first":      "reschedule: the first new due date; left out: as planned.",
	"Change.every":      "reschedule: the new period; left out: as planned.",
	"Change.count": "reschedule: the instalments from then on, left out: as many as are left; " +
		"early: those that are paid, left out: 1.",
	"Change.keep": "reschedule: level payments stay; the last instalment takes the difference.",
}
