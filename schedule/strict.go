package schedule

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strconv"
	"strings"

	"github.com/loanweave/loanweave/schedule/calendar"
)

// JSONError is something in a JSON text that encoding/json would take and this package does not.
// It unwraps to ErrSyntax.
type JSONError struct {
	Field   string // as JSON has it, "rounding.Unit" or "fees[1].rate"; "" for the whole text
	Problem string // "is no field, want unit", "is there twice"
}

// Error names the field and the problem.
func (e *JSONError) Error() string {
	return "schedule: JSON: " + strings.TrimSpace(e.Field+" "+e.Problem)
}

// Unwrap gives ErrSyntax.
func (e *JSONError) Unwrap() error { return ErrSyntax }

// checkNames holds the names in a JSON text against the fields of a type into which it was decoded,
// letter by letter, and each for once. What has decoded is well formed and goes no deeper than the
// type does, so that nothing here has to be bounded.
func checkNames(text []byte, t reflect.Type) error {
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	return (&nameChecker{dec, map[reflect.Type]map[string]namedField{}}).value(t, "")
}

type nameChecker struct {
	dec   *json.Decoder
	known map[reflect.Type]map[string]namedField
}

// namedField is a field of a struct, by its number.
type namedField struct {
	index int
	of    reflect.Type
}

// value checks the next value, of a type and under a path.
func (c *nameChecker) value(t reflect.Type, path string) error {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	token, err := c.dec.Token()
	switch {
	case err != nil:
		return err
	case token == json.Delim('[') && (t.Kind() == reflect.Slice || t.Kind() == reflect.Array):
		for i := 0; c.dec.More(); i++ {
			if err := c.value(t.Elem(), path+"["+strconv.Itoa(i)+"]"); err != nil {
				return err
			}
		}
	case token == json.Delim('{') && t.Kind() == reflect.Struct && !readsItself(t):
		if err := c.object(c.fields(t), path); err != nil {
			return err
		}
	case token == json.Delim('['), token == json.Delim('{'):
		return c.leave()
	default:
		return nil
	}
	_, err = c.dec.Token() // the end of it
	return err
}

// readsItself reports whether a struct has its own form in JSON, other than a calendar's.
func readsItself(t reflect.Type) bool {
	return t != reflect.TypeFor[calendar.Calendar]() &&
		reflect.PointerTo(t).Implements(reflect.TypeFor[json.Unmarshaler]())
}

// leave passes over the rest of a list or an object that its type reads by itself.
func (c *nameChecker) leave() error {
	for open := 1; open > 0; {
		switch token, err := c.dec.Token(); {
		case err != nil:
			return err
		case token == json.Delim('['), token == json.Delim('{'):
			open++
		case token == json.Delim(']'), token == json.Delim('}'):
			open--
		}
	}
	return nil
}

// object checks what is between the braces.
func (c *nameChecker) object(fields map[string]namedField, path string) error {
	if path != "" {
		path += "."
	}
	var seen uint64 // of the fields by their numbers; no struct has more than 64
	for c.dec.More() {
		token, err := c.dec.Token()
		if err != nil {
			return err
		}
		name := token.(string)
		field, known := fields[name]
		switch {
		case !known:
			return &JSONError{path + name[:min(len(name), 40)], "is no field" + meant(fields, name)}
		case seen&(1<<field.index) != 0:
			return &JSONError{path + name, "is there twice"}
		}
		seen |= 1 << field.index
		if err := c.value(field.of, path+name); err != nil {
			return err
		}
	}
	return nil
}

// meant is the field whose name differs in case only.
func meant(fields map[string]namedField, name string) string {
	for field := range fields {
		if strings.EqualFold(field, name) {
			return ", want " + field
		}
	}
	return ""
}

// fields are those of a struct by their names in JSON.
func (c *nameChecker) fields(t reflect.Type) map[string]namedField {
	if t == reflect.TypeFor[calendar.Calendar]() {
		t = reflect.TypeFor[calendarJSON]()
	}
	if c.known[t] == nil {
		fields := map[string]namedField{}
		for i := range t.NumField() {
			name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
			fields[name] = namedField{i, t.Field(i).Type}
		}
		c.known[t] = fields
	}
	return c.known[t]
}

// calendarJSON has the fields that a calendar writes.
type calendarJSON struct {
	Weekend  []string `json:"weekend"`
	Holidays []string `json:"holidays"`
	Workdays []string `json:"workdays"`
}
