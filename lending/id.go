package lending

import (
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"strings"
)

// MaxID is the length of an id in bytes. Ids are made of A-Z a-z 0-9 "_" and "-".
const MaxID = 64

// Opaque ids. They name things without saying anything about people: names, documents and
// addresses stay with the host.
type (
	PartyID   string // a lender, a borrower, a guarantor, a fund
	ActorID   string // who gave a command: a party or one of the host's people or systems
	LoanID    string
	ProductID string
	Code      string // a fee, a grade, a reason, a rule, a cover
)

// checkID reports whether an id from outside is well formed.
func checkID[T ~string](what string, id T) error {
	if len(id) == 0 || len(id) > MaxID {
		return &Error{ErrID, what, fmt.Sprintf("has %d bytes, want 1 to %d", len(id), MaxID)}
	}
	for i := range len(id) {
		c := id[i]
		ok := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-'
		if !ok {
			return &Error{ErrID, what, fmt.Sprintf("has byte %q at %d", c, i)}
		}
	}
	return nil
}

// ValidID reports whether an id from outside is well formed, see [MaxID].
func ValidID[T ~string](id T) bool { return checkID("id", id) == nil }

var idText = base32.StdEncoding.WithPadding(base32.NoPadding)

// idOf derives an id from a command key: the same key gives the same id, for ever.
func idOf(prefix, key string) string {
	sum := sha256.Sum256([]byte(prefix + ":" + key))
	return prefix + "-" + strings.ToLower(idText.EncodeToString(sum[:10]))
}
