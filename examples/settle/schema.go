package main

import (
	"encoding/json"
	"reflect"
	"strings"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/lendingtest"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/money"
)

// keywords are one JSON schema, by the names of the standard.
type keywords = map[string]any

// schema is the JSON Schema (draft 2020-12) of questions and answers, made from the types
// themselves, so that it names every field.
func schema() []byte {
	text, _ := json.MarshalIndent(keywords{
		"$schema": "https://json-schema.org/draft/2020-12/schema",
		"title":   "Questions of settlement, one a line, and their answers",
		"$defs": keywords{"question": schemaOf(reflect.TypeFor[request]()),
			"answer": schemaOf(reflect.TypeFor[reply]()), "figure": figureSchema()},
		"$ref": "#/$defs/question",
	}, "", "  ") // texts, numbers and maps of them do not fail
	return append(text, '\n')
}

// schemaOf is the schema of a type.
func schemaOf(t reflect.Type) keywords {
	switch t {
	case reflect.TypeFor[figure]():
		return keywords{"$ref": "#/$defs/figure"}
	case reflect.TypeFor[component]():
		return wordSchema(names(components, lending.Component.String))
	case reflect.TypeFor[age]():
		return wordSchema(names(ages, lending.Age.String))
	case reflect.TypeFor[advance]():
		return wordSchema(names(advances, advanceName))
	case reflect.TypeFor[lendingtest.Invariant]():
		return keywords{"enum": lendingtest.Invariants()}
	case reflect.TypeFor[schedule.Rate]():
		return keywords{"type": "string", "pattern": `^[0-9]{1,5}(\.[0-9]{1,10})?% per year$`}
	case reflect.TypeFor[per]():
		return wordSchema(names(pers, lending.Per.String))
	case reflect.TypeFor[rounding]():
		return wordSchema(names(roundings, money.Mode.String))
	}
	switch t.Kind() {
	case reflect.Pointer:
		return schemaOf(t.Elem())
	case reflect.Slice:
		return keywords{"type": "array", "items": schemaOf(t.Elem())}
	case reflect.Struct:
		return objectSchema(t)
	case reflect.Bool:
		return keywords{"type": "boolean"}
	case reflect.String:
		return keywords{"type": "string"}
	}
	return keywords{"type": "integer"}
}

// objectSchema is the schema of a struct: its fields and nothing else. Those that may be left out
// are the ones whose tag says so; one question has one kind.
func objectSchema(t reflect.Type) keywords {
	fields, required := keywords{}, []string{}
	for i := range t.NumField() {
		name, options, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		fields[name] = schemaOf(t.Field(i).Type)
		if options == "" {
			required = append(required, name)
		}
	}
	object := keywords{"type": "object", "properties": fields, "required": required, "additionalProperties": false}
	if t == reflect.TypeFor[request]() {
		fields["id"] = keywords{"type": "string", "maxLength": maxID}
		object["minProperties"], object["maxProperties"] = 1, 2
	}
	return object
}

func wordSchema(list string) keywords { return keywords{"enum": strings.Split(list, ", ")} }

func figureSchema() keywords {
	return keywords{
		"description": `An amount: a currency and a decimal number, "CNY 100.00", or whole minor units.`,
		"oneOf": []keywords{
			{"type": "string", "pattern": `^(0|[A-Z]{3} -?[0-9]+(\.[0-9]+)?)$`, "maxLength": 40},
			{"type": "integer", "minimum": int64(-money.MaxMinor), "maximum": int64(money.MaxMinor)},
		},
	}
}
