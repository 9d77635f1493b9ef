package lending

import (
	"crypto/sha256"
	"encoding"
	"fmt"
	"reflect"
	"strconv"

	"github.com/loanweave/loanweave/lending/event"
)

// fingerprint hashes a command's content and its actor, not the date: a retry may come after
// midnight. Fields at their zero value do not count, so a command that gains a field in a later
// release keeps the fingerprints of its old uses.
func fingerprint(command any, a Actor) (event.Hash, error) {
	b := fmt.Appendf(make([]byte, 0, 256), "%s|%d|", a.ID, a.Role)
	v := reflect.ValueOf(command)
	b = append(append(b, v.Type().String()...), '|')
	b, err := appendValue(b, v)
	return sha256.Sum256(b), err
}

var textType = reflect.TypeFor[encoding.TextMarshaler]()

func appendValue(b []byte, v reflect.Value) ([]byte, error) {
	if !v.CanInterface() {
		return b, &Error{ErrConfig, "command field of type " + v.Type().String(), "is not exported"}
	}
	if v.Type().Implements(textType) {
		text, err := v.Interface().(encoding.TextMarshaler).MarshalText()
		return append(strconv.AppendQuote(b, string(text)), ';'), err
	}
	var err error
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Field(i).IsZero() {
				continue
			}
			b = append(append(b, v.Type().Field(i).Name...), '=')
			if b, err = appendValue(b, v.Field(i)); err != nil {
				return b, err
			}
		}
		return append(b, '.'), nil
	case reflect.Slice, reflect.Array:
		b = fmt.Appendf(b, "%d[", v.Len())
		for i := range v.Len() {
			if b, err = appendValue(b, v.Index(i)); err != nil {
				return b, err
			}
		}
		return append(b, ']'), nil
	case reflect.String:
		return append(strconv.AppendQuote(b, v.String()), ';'), nil
	case reflect.Bool:
		return append(strconv.AppendBool(b, v.Bool()), ';'), nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return append(strconv.AppendInt(b, v.Int(), 10), ';'), nil
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return append(strconv.AppendUint(b, v.Uint(), 10), ';'), nil
	}
	return b, &Error{ErrConfig, "command field of type " + v.Type().String(), "has no fingerprint"}
}
