package lending

import (
	"bytes"
	"strconv"
)

// MarshalText returns the component's name.
func (c Component) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads a name. Any other text is an [ErrTerms] and leaves c as it was.
func (c *Component) UnmarshalText(text []byte) error {
	return readName(c, componentNames[:], text, "component")
}

// MarshalJSON writes the figures that are not zero under the names of their components, in minor
// units: {"interest":120,"principal":300}.
func (c Components) MarshalJSON() ([]byte, error) {
	b := []byte{'{'}
	for i := range c {
		if i == 0 || c[i] == 0 {
			continue
		}
		if len(b) > 1 {
			b = append(b, ',')
		}
		b = append(append(append(b, '"'), Component(i).String()...), `":`...)
		b = strconv.AppendInt(b, c[i], 10)
	}
	return append(b, '}'), nil
}

// UnmarshalJSON reads what MarshalJSON writes. A name that is no component's or a figure that is no whole
// number is an [ErrTerms].
func (c *Components) UnmarshalJSON(text []byte) error {
	if bytes.Equal(text, []byte("null")) {
		return nil
	}
	var v Components
	rest, ok := bytes.CutPrefix(bytes.TrimSpace(text), []byte{'{'})
	rest, end := bytes.CutSuffix(rest, []byte{'}'})
	for rest = bytes.TrimSpace(rest); ok && end && len(rest) > 0; {
		var field []byte
		field, rest, _ = bytes.Cut(rest, []byte{','})
		name, figure, _ := bytes.Cut(field, []byte{':'})
		name, quoted := bytes.CutPrefix(bytes.TrimSpace(name), []byte{'"'})
		name, closed := bytes.CutSuffix(name, []byte{'"'})
		var which Component
		if err := which.UnmarshalText(name); err != nil {
			return err
		}
		n, err := strconv.ParseInt(string(bytes.TrimSpace(figure)), 10, 64)
		if ok = quoted && closed && err == nil; ok {
			v[which] = n
		}
	}
	if !ok || !end {
		return &Error{ErrTerms, "figures by component", "are not like {\"interest\":120}"}
	}
	*c = v
	return nil
}
