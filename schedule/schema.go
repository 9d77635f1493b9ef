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
// names every field and every word that they have. It says what a text must look like; what
// figures must be to each other, Terms.Validate and Plan.Check say.
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
