package event

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/loanweave/loanweave/schedule/civil"
)

// Of is an event of streams that fold to S: its stable type name and what it changes. Apply is
// total: a recorded event always applies. Events are plain values; *E is a [Coder].
type Of[S any] interface {
	Type() string
	Apply(*S)
}

// Case is one event type that a kind knows, made by [On].
type Case[S any] struct {
	name    string
	version uint8
	decode  func([]byte) (Of[S], error)
	apply   func(*Codec, *S, []byte) error // decode and apply, the codec used again
	encode  func(Of[S]) ([]byte, error)
}

// On names an event type; the state and the pointer type are inferred: On[BidPlaced](). A type
// with a method Versions() uint8 is written in that version, others in version 1.
func On[E Of[S], S any, P interface {
	*E
	Coder
}]() Case[S] {
	var zero E
	version := newest(zero)
	return Case[S]{
		name:    zero.Type(),
		version: version,
		decode: func(b []byte) (Of[S], error) {
			var e E
			if err := Decode(b, version, P(&e)); err != nil {
				return nil, err
			}
			return e, nil
		},
		apply: func(c *Codec, s *S, b []byte) error {
			var e E
			if err := c.decode(b, version, P(&e)); err != nil {
				return err
			}
			e.Apply(s)
			return nil
		},
		encode: func(o Of[S]) ([]byte, error) {
			e, ok := o.(E)
			if !ok {
				return nil, fmt.Errorf("%w: a %T is no event %q", ErrDecode, o, zero.Type())
			}
			return encode(nil, version, P(&e))
		},
	}
}

// newest is the version in which a value is written.
func newest(v any) uint8 {
	if n, ok := v.(interface{ Versions() uint8 }); ok {
		return n.Versions()
	}
	return 1
}

// Kind is a family of streams: its name, its events, and when a stream of it next has work. It is
// immutable once made.
type Kind[S any] struct {
	name  string
	wake  func(*S) civil.Date
	cases map[string]Case[S]
}

// NewKind makes a kind. Its name and those of its events are such as a stream may have. The wake
// function gives the next date on which a stream in that state has work, zero for none; nil means
// never. It panics on a bad name, a type named twice or one of version 0: kinds are package
// variables.
func NewKind[S any](name string, wake func(*S) civil.Date, cases ...Case[S]) *Kind[S] {
	if err := checkName("kind", name, MaxID, false); err != nil {
		panic(err)
	}
	k := &Kind[S]{name, wake, make(map[string]Case[S], len(cases))}
	for _, c := range cases {
		_, twice := k.cases[c.name]
		if twice || c.version == 0 || checkName("event", c.name, MaxID, false) != nil {
			panic(fmt.Sprintf("event: kind %s: bad or repeated event type %q", name, c.name))
		}
		k.cases[c.name] = c
	}
	return k
}

// next is the next date on which a stream in a state has work.
func (k *Kind[S]) next(s *S) civil.Date {
	if k.wake == nil {
		return civil.Date{}
	}
	return k.wake(s)
}

// Name returns the kind's name.
func (k *Kind[S]) Name() string { return k.name }

// Ref refers to one stream of the kind.
func (k *Kind[S]) Ref(id string) Ref[S] { return Ref[S]{k, id} }

// Decode reads a record of the kind back into its event. A memo decodes to nil. The error
// unwraps to [ErrDecode].
func (k *Kind[S]) Decode(r Record) (any, error) {
	if strings.HasPrefix(r.Type, "~") {
		return nil, nil
	}
	c, ok := k.cases[r.Type]
	if !ok {
		return nil, k.unknown(r.Type)
	}
	e, err := c.decode(r.Data)
	if err != nil {
		return nil, fmt.Errorf("decode %s %s: %w", k.name, r.Type, err)
	}
	return e, nil
}

func (k *Kind[S]) unknown(typ string) error {
	return fmt.Errorf("%w: %s has no event %q", ErrDecode, k.name, typ)
}

// record encodes an event of the kind.
func (k *Kind[S]) record(e Of[S]) (Record, error) {
	if e == nil {
		return Record{}, fmt.Errorf("%w: %s given no event", ErrDecode, k.name)
	}
	c, ok := k.cases[e.Type()]
	if !ok {
		return Record{}, k.unknown(e.Type())
	}
	data, err := c.encode(e)
	if err != nil {
		return Record{}, fmt.Errorf("encode %s %s: %w", k.name, e.Type(), err)
	}
	if len(data) > MaxRecord {
		return Record{}, fmt.Errorf("%w: event %s of %d bytes", ErrTooLarge, e.Type(), len(data))
	}
	return Record{Type: e.Type(), Data: data}, nil
}

// Types lists the event types of the kind in order, for tests over all of them.
func (k *Kind[S]) Types() []string {
	return slices.Sorted(maps.Keys(k.cases))
}

func (k *Kind[S]) fold(s *S, records []Record) error {
	if len(records) == 0 {
		return nil
	}
	var codec Codec
	for _, r := range records {
		if strings.HasPrefix(r.Type, "~") {
			continue
		}
		if err := k.apply(&codec, s, r); err != nil {
			return err
		}
	}
	return nil
}

func (k *Kind[S]) apply(codec *Codec, s *S, r Record) error {
	c, ok := k.cases[r.Type]
	if !ok {
		return k.unknown(r.Type)
	}
	if err := c.apply(codec, s, r.Data); err != nil {
		return fmt.Errorf("decode %s %s: %w", k.name, r.Type, err)
	}
	return nil
}

// AnyKind is what a reader of a feed needs of a kind.
type AnyKind interface {
	Name() string
	Types() []string
	Decode(Record) (any, error)
}

// Ref names a stream together with its kind, and so with the type of its state.
type Ref[S any] struct {
	Kind *Kind[S]
	ID   string
}

// Stream returns the stream's name.
func (r Ref[S]) Stream() Stream { return Stream{r.Kind.name, r.ID} }
