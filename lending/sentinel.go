package lending

// sentinel is an error with a code of its own, and of the class of what it is a kind of.
type sentinel struct {
	code Code
	text string
	kind error
}

// NewSentinel makes a sentinel error of a package that builds on this one. It is of the class of the error of
// this package that it is a kind of, and unwraps to it ([ClassOf]); its code is its own ([CodeOf]). A code is 1 to
// [MaxID] bytes, never changes, and begins with the package's name: "transfer-stale".
func NewSentinel(code Code, text string, kind error) error { return &sentinel{code, text, kind} }

// Error implements error.
func (s *sentinel) Error() string { return s.text + ": " + s.kind.Error() }

// Unwrap returns what it is a kind of.
func (s *sentinel) Unwrap() error { return s.kind }
