package schedule_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/schedule"
)

// object is a JSON object.
type object = map[string]any

func schemaOf(t testing.TB) object {
	t.Helper()
	var schema object
	if err := json.Unmarshal(schedule.Schema(), &schema); err != nil {
		t.Fatal(err)
	}
	return schema
}

// conforms says where a value breaks a schema, or nothing. It knows the keywords that Schema
// writes, and no others.
func conforms(root, schema object, value any, at string) string {
	for keyword, want := range schema {
		if problem := holds(root, schema, keyword, want, value, at); problem != "" {
			return problem
		}
	}
	return ""
}

func holds(root, schema object, keyword string, want, value any, at string) string {
	text, _ := value.(string)
	list, _ := value.([]any)
	number, _ := value.(float64)
	ok := true
	switch keyword {
	case "$ref":
		name := strings.TrimPrefix(want.(string), "#/$defs/")
		return conforms(root, root["$defs"].(object)[name].(object), value, at)
	case "enum":
		ok = slices.Contains(want.([]any), value)
	case "type":
		_, isNumber := value.(float64)
		ok = want == map[reflect.Kind]string{reflect.String: "string", reflect.Slice: "array",
			reflect.Map: "object", reflect.Bool: "boolean"}[reflect.ValueOf(value).Kind()] ||
			want == "integer" && isNumber && number == float64(int64(number))
	case "pattern":
		ok = regexp.MustCompile(want.(string)).MatchString(text)
	case "maxLength":
		ok = len(text) <= int(want.(float64))
	case "minimum":
		ok = number >= want.(float64)
	case "minItems":
		ok = len(list) >= int(want.(float64))
	case "maxItems":
		ok = len(list) <= int(want.(float64))
	case "items":
		for i, item := range list {
			if problem := conforms(root, want.(object), item, fmt.Sprint(at, "[", i, "]")); problem != "" {
				return problem
			}
		}
	case "required":
		for _, name := range want.([]any) {
			_, there := value.(object)[name.(string)]
			ok = ok && there
		}
	case "properties", "additionalProperties":
		return conformFields(root, schema["properties"].(object), value.(object), at)
	case "$schema", "$defs", "title", "description", "format":
	default:
		return "unknown keyword " + keyword
	}
	if !ok {
		return fmt.Sprintf("%s: %v is not %s %v", at, value, keyword, want)
	}
	return ""
}

func conformFields(root, fields, value object, at string) string {
	for name, part := range value {
		field, known := fields[name].(object)
		if !known {
			return at + ": unknown field " + name
		}
		if problem := conforms(root, field, part, at+"."+name); problem != "" {
			return problem
		}
	}
	return ""
}

// checkConforms marshals a value and holds it against a definition of the schema.
func checkConforms(t rapid.TB, root object, definition string, x any) {
	t.Helper()
	text, err := json.Marshal(x)
	if err != nil {
		t.Fatal(err)
	}
	var value any
	if err := json.Unmarshal(text, &value); err != nil {
		t.Fatal(err)
	}
	ref := object{"$ref": "#/$defs/" + definition}
	if problem := conforms(root, ref, value, definition); problem != "" {
		t.Fatalf("%s in %s", problem, text)
	}
}

func TestSchemaTakesWhatIsWritten(t *testing.T) {
	root := schemaOf(t)
	for _, plan := range variedPlans(t) {
		if plan.Len() <= 100 { // long ones show nothing more
			checkConforms(t, root, "Plan", plan)
		}
	}
	for _, set := range []*rapid.Generator[bool]{rapid.Just(true), rapid.Bool()} {
		rapid.Check(t, func(t *rapid.T) {
			checkConforms(t, root, "Terms", anyFields(set).Draw(t, "terms"))
		})
	}
}

// The schema has every field of the terms, and of what they are made of, and every word of every
// enum; nothing else is in its definitions. Every field says what it is for, those of a change by
// their kinds, and no field is described that is not there.
func TestSchemaNamesEverything(t *testing.T) {
	defs := schemaOf(t)["$defs"].(object)
	left := reflect.ValueOf(defs).Len()
	seen := map[reflect.Type]bool{}
	var visit func(reflect.Type)
	visit = func(in reflect.Type) {
		if in.Kind() == reflect.Slice {
			in = in.Elem()
		}
		def, ok := defs[in.Name()].(object)
		if !ok || seen[in] {
			return
		}
		seen[in], left = true, left-1
		if words, enum := def["enum"].([]any); enum && len(words) != countWords(in) {
			t.Errorf("%s: words %v", in.Name(), words)
		}
		fields, _ := def["properties"].(object)
		for i := 0; fields != nil && in.Name() != "Calendar" && i < in.NumField(); i++ {
			name, _, _ := strings.Cut(in.Field(i).Tag.Get("json"), ",")
			if field, _ := fields[name].(object); field["description"] == nil {
				t.Errorf("%s has no %s, or says nothing of it", in.Name(), name)
			}
			visit(in.Field(i).Type)
		}
	}
	visit(reflect.TypeFor[schedule.Terms]())
	if left != 2 { // Plan and Instalment
		t.Errorf("%d definitions are not of the terms", left)
	}
	for field := range schedule.Descriptions {
		name, property, _ := strings.Cut(field, ".")
		fields, _ := defs[name].(object)["properties"].(object)
		if fields[property] == nil {
			t.Errorf("%s is described, and not there", field)
		}
	}
	for kind := schedule.ChangeKind(1); kind.IsValid(); kind++ {
		if !strings.Contains(schedule.Descriptions["Change.kind"], kind.String()) {
			t.Errorf("%s is not said to be a kind of change", kind)
		}
	}
}

func TestSchemaRefuses(t *testing.T) {
	root := schemaOf(t)
	good, err := json.Marshal(planFor(t, terms12()))
	if err != nil {
		t.Fatal(err)
	}
	for _, change := range [][2]string{
		{`"method":`, `"note":1,"method":`}, {`level-payment`, `annuity`}, {`"rows":`, `"lines":`},
		{`"CNY 1000.00"`, `1000`}, {`"CNY 1000.00"`, `"1000.00"`}, {`"12% per year"`, `"12%"`},
		{`"2026-02-28"`, `"28.02.2026"`}, {`"1 month"`, `"1 months"`}, {`"number":1`, `"number":"1"`},
		{`"balance":`, `"rest":`}, {`"periods":12`, `"periods":-1`},
	} {
		var value any
		text := bytes.Replace(good, []byte(change[0]), []byte(change[1]), 1)
		if err := json.Unmarshal(text, &value); err != nil {
			t.Fatal(err)
		}
		if conforms(root, root, value, "plan") == "" {
			t.Errorf("%s for %s is taken", change[1], change[0])
		}
	}
}

func TestSchemaIsTheSameEveryTime(t *testing.T) {
	if !bytes.Equal(schedule.Schema(), schedule.Schema()) {
		t.Error("two schemas differ")
	}
}
