package jsonlines

import (
	"encoding"
	"encoding/json"
	"reflect"
	"strconv"
	"strings"
)

// placeOf is the path of the first value in a text that does not read into a type, "steps[1].ppm"
// below the path of the text, and what is wrong there: nil when all read.
func placeOf(text []byte, t reflect.Type, path string) (string, error) {
	err := json.Unmarshal(text, reflect.New(t).Interface())
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if err == nil || readsItself(t) {
		return path, err
	}
	switch t.Kind() {
	case reflect.Slice:
		var items []json.RawMessage
		if json.Unmarshal(text, &items) != nil {
			return path, err
		}
		for i, item := range items {
			if place, err := placeOf(item, t.Elem(), path+"["+strconv.Itoa(i)+"]"); err != nil {
				return place, err
			}
		}
	case reflect.Struct:
		var fields map[string]json.RawMessage
		if json.Unmarshal(text, &fields) != nil {
			return path, err
		}
		for i := range t.NumField() {
			name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
			if value, there := fields[name]; there {
				if place, err := placeOf(value, t.Field(i).Type, strings.TrimPrefix(path+"."+name, ".")); err != nil {
					return place, err
				}
			}
		}
	}
	return path, err
}

// readsItself reports whether a type has a reader of its own, so that it is one value.
func readsItself(t reflect.Type) bool {
	p := reflect.PointerTo(t)
	return p.Implements(reflect.TypeFor[json.Unmarshaler]()) || p.Implements(reflect.TypeFor[encoding.TextUnmarshaler]())
}

// wanted names what JSON has for a type.
func wanted(t reflect.Type) string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case t.Kind() == reflect.Bool:
		return "true or false"
	case readsItself(t) || t.Kind() == reflect.String:
		return "a text"
	case t.Kind() == reflect.Slice:
		return "a list"
	case t.Kind() == reflect.Struct:
		return "an object"
	}
	return "a whole number"
}
