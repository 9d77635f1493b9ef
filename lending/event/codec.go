package event

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// ErrDecode is what every malformed record unwraps to.
var ErrDecode = errors.New("event: malformed record")

// Coder is a value whose fields a codec writes and reads. Its one method names the fields in
// order, by pointer; fields are only ever added at the end, under a higher version.
type Coder interface{ Code(*Codec) }

// Codec writes values to bytes or reads them back: each method does the one or the other, so an
// event's encoding and decoding are the same lines. Integers are zigzag varints, texts and lists
// carry their length. The first error stops everything after it.
type Codec struct {
	buf     []byte
	reading bool
	version uint8
	err     error
}

// Encode appends the version byte and the value's fields to dst. A value that refuses to be coded
// gives no bytes, which [Decode] refuses too.
func Encode(dst []byte, version uint8, v Coder) []byte {
	b, _ := encode(dst, version, v)
	return b
}

func encode(dst []byte, version uint8, v Coder) ([]byte, error) {
	if dst == nil {
		dst = make([]byte, 0, 64) // most events are no longer
	}
	c := Codec{buf: append(dst, version), version: version}
	v.Code(&c)
	if c.err != nil {
		return nil, c.err
	}
	return c.buf, nil
}

// Decode reads a value written by [Encode] in this version or an earlier one. Every byte must be
// used. The error unwraps to [ErrDecode].
func Decode(data []byte, newest uint8, v Coder) error { return new(Codec).decode(data, newest, v) }

func (c *Codec) decode(data []byte, newest uint8, v Coder) error {
	if len(data) == 0 || data[0] == 0 || data[0] > newest {
		return fmt.Errorf("%w: unknown version", ErrDecode)
	}
	*c = Codec{buf: data[1:], reading: true, version: data[0]}
	v.Code(c)
	if c.err == nil && len(c.buf) > 0 {
		c.fail("%d bytes left over", len(c.buf))
	}
	return c.err
}

// Version is the version of the encoding at hand; a Code method asks it before a field that an
// earlier version did not have.
func (c *Codec) Version() uint8 { return c.version }

// Reading reports whether fields are being read.
func (c *Codec) Reading() bool { return c.reading }

// Fail makes the coding fail with an error, for values that check themselves.
func (c *Codec) Fail(err error) {
	if c.err == nil {
		c.err = fmt.Errorf("%w: %w", ErrDecode, err)
	}
	c.buf = nil
}

func (c *Codec) fail(format string, args ...any) { c.Fail(fmt.Errorf(format, args...)) }

// Int codes a signed integer.
func (c *Codec) Int(p *int64) {
	if !c.reading {
		c.buf = binary.AppendVarint(c.buf, *p)
		return
	}
	v, n := binary.Varint(c.buf)
	if n <= 0 {
		c.fail("bad integer")
		return
	}
	*p, c.buf = v, c.buf[n:]
}

// Uint codes an unsigned integer.
func (c *Codec) Uint(p *uint64) {
	if !c.reading {
		c.buf = binary.AppendUvarint(c.buf, *p)
		return
	}
	v, n := binary.Uvarint(c.buf)
	if n <= 0 {
		c.fail("bad integer")
		return
	}
	*p, c.buf = v, c.buf[n:]
}

// Count codes a small non-negative number: a period, an index.
func (c *Codec) Count(p *int) {
	v := uint64(*p)
	if c.Uint(&v); v > 1<<31-1 {
		c.fail("count %d too large", v)
		return
	}
	*p = int(v)
}

// Bool codes a boolean as one byte.
func (c *Codec) Bool(p *bool) {
	var b uint8
	if *p {
		b = 1
	}
	if c.Byte(&b); b > 1 {
		c.fail("bad boolean")
		return
	}
	*p = b == 1
}

// Byte codes one byte.
func (c *Codec) Byte(p *uint8) {
	if !c.reading {
		c.buf = append(c.buf, *p)
		return
	}
	if len(c.buf) == 0 {
		c.fail("record ends early")
		return
	}
	*p, c.buf = c.buf[0], c.buf[1:]
}

// Hash codes a hash as its 32 bytes.
func (c *Codec) Hash(p *Hash) {
	if !c.reading {
		c.buf = append(c.buf, p[:]...)
		return
	}
	if len(c.buf) < len(p) {
		c.fail("record ends early")
		return
	}
	copy(p[:], c.buf)
	c.buf = c.buf[len(p):]
}

// Date codes a civil date as its ordinal, zero for none.
func (c *Codec) Date(p *civil.Date) {
	n := uint64(uint32(p.Ordinal()))
	c.Uint(&n)
	if !c.reading || c.err != nil {
		return
	}
	if n == 0 {
		*p = civil.Date{}
		return
	}
	d, err := civil.FromOrdinal(int32(min(n, 1<<31-1)))
	if err != nil {
		c.Fail(err)
		return
	}
	*p = d
}

// Currency codes a currency as its digits and code; one zero byte is none.
func (c *Codec) Currency(p *money.Currency) {
	if !c.reading {
		if p.IsZero() {
			c.buf = append(c.buf, 0)
			return
		}
		c.buf = append(append(c.buf, uint8(p.Digits())+1), p.Code()...)
		return
	}
	var digits uint8
	if c.Byte(&digits); digits == 0 {
		*p = money.Currency{}
		return
	}
	if len(c.buf) < 3 {
		c.fail("record ends early")
		return
	}
	cur, err := money.NewCurrency(string(c.buf[:3]), int(digits)-1)
	if err != nil {
		c.Fail(err)
		return
	}
	*p, c.buf = cur, c.buf[3:]
}

// Amount codes an amount as its currency and minor units.
func (c *Codec) Amount(p *money.Amount) {
	cur, minor := p.Currency(), p.Minor()
	c.Currency(&cur)
	c.Int(&minor)
	if !c.reading || c.err != nil {
		return
	}
	if minor == 0 && cur.IsZero() {
		*p = money.Amount{}
		return
	}
	a, err := money.New(minor, cur)
	if err != nil {
		c.Fail(err)
		return
	}
	*p = a
}

// Ints codes a list of integers.
func (c *Codec) Ints(p *[]int64) { List(c, p, (*Codec).Int) }

// Text codes a text of any string type.
func Text[T ~string](c *Codec, p *T) {
	n := uint64(len(*p))
	c.Uint(&n)
	if !c.reading {
		c.buf = append(c.buf, *p...)
		return
	}
	if n > uint64(len(c.buf)) {
		c.fail("text longer than the record")
		return
	}
	*p, c.buf = T(c.buf[:n]), c.buf[n:]
}

// Enum codes an enumeration as one byte.
func Enum[T ~uint8](c *Codec, p *T) {
	b := uint8(*p)
	c.Byte(&b)
	*p = T(b)
}

// List codes a list, each element by the function. A list cannot claim more elements than there
// are bytes left, so a hostile length allocates nothing.
func List[T any](c *Codec, p *[]T, each func(*Codec, *T)) {
	n := uint64(len(*p))
	c.Uint(&n)
	if c.reading {
		if n > uint64(len(c.buf)) {
			c.fail("list longer than the record")
			return
		}
		if *p = nil; n > 0 {
			*p = make([]T, n)
		}
	}
	for i := range *p {
		if c.err != nil {
			return
		}
		each(c, &(*p)[i])
	}
}
