package main

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strconv"
	"strings"

	"github.com/loanweave/loanweave/examples/jsonlines"
)

// missing is what is wrong with a text that has been read into a type: a field that may not be left
// out and is, or null where a value must be. Nil is no fault.
func missing(text []byte, t reflect.Type, path string) error {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case bytes.Equal(text, []byte("null")):
		return unread(path, "must not be a JSON null")
	case t.Kind() == reflect.Slice:
		var items []json.RawMessage
		if err := json.Unmarshal(text, &items); err != nil {
			return err
		}
		for i, item := range items {
			if err := missing(item, t.Elem(), path+"["+strconv.Itoa(i)+"]"); err != nil {
				return err
			}
		}
		return nil
	case t.Kind() != reflect.Struct || reflect.PointerTo(t).Implements(reflect.TypeFor[json.Unmarshaler]()),
		text[0] != '{':
		return nil
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(text, &fields); err != nil {
		return err
	}
	if path != "" {
		path += "."
	}
	for i := range t.NumField() {
		name, options, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		value, there := fields[name]
		switch {
		case !there && options == "":
			return unread(path+name, "is missing")
		case there:
			if err := missing(value, t.Field(i).Type, path+name); err != nil {
				return err
			}
		}
	}
	return nil
}

// unread is a field that does not read.
func unread(field, problem string) error {
	return &wrongError{jsonlines.Fault{Code: jsonlines.CodeText, Field: field, Problem: problem}}
}
