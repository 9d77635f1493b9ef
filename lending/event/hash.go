package event

import (
	"encoding/hex"
	"fmt"
)

// MarshalText returns the hash in hexadecimal digits, nothing for the zero hash.
func (h Hash) MarshalText() ([]byte, error) {
	if h == (Hash{}) {
		return []byte{}, nil
	}
	return hex.AppendEncode(nil, h[:]), nil
}

// UnmarshalText reads what MarshalText writes. Any other text is an [ErrDecode] and leaves h as it was.
func (h *Hash) UnmarshalText(text []byte) error {
	var v Hash
	if len(text) != 0 && len(text) != 2*len(v) {
		return fmt.Errorf("%w: a hash of %d digits", ErrDecode, len(text))
	}
	if _, err := hex.Decode(v[:], text); err != nil {
		return fmt.Errorf("%w: %w", ErrDecode, err)
	}
	*h = v
	return nil
}
