package lending

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/schedule/civil"
)

// MaxBookLine is the length of a record of a live book in bytes, the line break not counted.
const MaxBookLine = 4 << 20

// maxLineErrors is how many bad lines are reported.
const maxLineErrors = 100

// BookError says what is wrong with a record of a live book's text. It unwraps to the refusal.
type BookError struct {
	Line int // from 1
	Err  error
}

// Error implements error.
func (e *BookError) Error() string { return fmt.Sprintf("lending: book, line %d: %v", e.Line, e.Err) }

// Unwrap returns the refusal.
func (e *BookError) Unwrap() error { return e.Err }

// bookLine is one record: exactly one of its fields is set.
type bookLine struct {
	Book     *bookHeader  `json:",omitempty"`
	Product  *LiveProduct `json:",omitempty"`
	Party    *Party       `json:",omitempty"`
	Wallet   *LiveWallet  `json:",omitempty"`
	Own      *OwnBalance  `json:",omitempty"`
	Loan     *LiveLoan    `json:",omitempty"`
	Total    *StatedTotal `json:",omitempty"`
	Left     *ledger.Line `json:",omitempty"`
	LeftLoan *LeftLoan    `json:",omitempty"`
	End      *bookEnd     `json:",omitempty"`
}

// bookHeader is the first record of a book.
type bookHeader struct {
	Version   int
	On        civil.Date
	Tolerance int64
}

// bookEnd is the last record of a book, so that a text that was cut is seen.
type bookEnd struct{ Records int } // before it

const bookVersion = 1

// WriteTo writes the book as JSON Lines: a header with the version and the date, products, parties,
// wallets, own accounts, loans, stated totals, what is left, and the number of records. Each line is an
// object with one field, which names the kind of record. Fields are those of the Go types; amounts are
// minor units of the record's currency, or texts like "CNY 12.34". The same book gives the same bytes.
func (b *LiveBook) WriteTo(w io.Writer) (int64, error) {
	out := &bookWriter{w: bufio.NewWriterSize(w, 1<<16)}
	out.line(bookLine{Book: &bookHeader{bookVersion, b.On, b.Tolerance}})
	for i := range b.Products {
		out.line(bookLine{Product: &b.Products[i]})
	}
	for i := range b.Parties {
		out.line(bookLine{Party: &b.Parties[i]})
	}
	for i := range b.Wallets {
		out.line(bookLine{Wallet: &b.Wallets[i]})
	}
	for i := range b.Own {
		out.line(bookLine{Own: &b.Own[i]})
	}
	for i := range b.Loans {
		out.line(bookLine{Loan: &b.Loans[i]})
	}
	for i := range b.Totals {
		out.line(bookLine{Total: &b.Totals[i]})
	}
	for i := range b.Left {
		out.line(bookLine{Left: &b.Left[i]})
	}
	for i := range b.LeftLoans {
		out.line(bookLine{LeftLoan: &b.LeftLoans[i]})
	}
	out.line(bookLine{End: &bookEnd{out.records}})
	if out.err == nil {
		out.err = out.w.Flush()
	}
	return out.n, out.err
}

type bookWriter struct {
	w       *bufio.Writer
	n       int64
	records int
	err     error
}

func (o *bookWriter) line(l bookLine) {
	if o.err != nil {
		return
	}
	text, err := json.Marshal(l)
	if err != nil {
		o.err = fmt.Errorf("write book, record %d: %w", o.records+1, err)
		return
	}
	n, err := o.w.Write(append(text, '\n'))
	o.n += int64(n)
	o.err = err
	o.records++
}

// ReadLiveBook reads what [LiveBook.WriteTo] writes, or a host wrote in the same form. Records come in
// that order. It is strict: a field that does not exist or stands twice in an object, in letters of whatever
// case, a line that is empty or longer than [MaxBookLine], a book that was cut, are refused. What is wrong with
// records is reported at once, each a [*BookError] with its line, up to a hundred; what does not add up,
// as [LiveBook.Check] does. There is a book only if nothing is wrong. An error of the reader is returned
// as it is.
func ReadLiveBook(r io.Reader) (*LiveBook, error) {
	in := &bookReader{r: bufio.NewReaderSize(r, 1<<16), book: new(LiveBook)}
	for !in.done {
		text, err := in.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		in.number++
		if err := in.take(text); err != nil {
			in.errs = append(in.errs, &BookError{in.number, err})
		}
		if len(in.errs) >= maxLineErrors || in.check == nil {
			return nil, errors.Join(in.errs...)
		}
	}
	if err := in.ended(); err != nil {
		in.errs = append(in.errs, err)
	}
	if in.check != nil {
		in.errs = append(in.errs, in.check.end())
	}
	if err := errors.Join(in.errs...); err != nil {
		return nil, err
	}
	return in.book, nil
}

type bookReader struct {
	r      *bufio.Reader
	book   *LiveBook
	check  *bookCheck
	number int // lines so far
	stage  int // kind of record at hand, in their order
	done   bool
	errs   []error
	buf    []byte
}

// next returns the next line without its break.
func (in *bookReader) next() ([]byte, error) {
	in.buf = in.buf[:0]
	for {
		part, err := in.r.ReadSlice('\n')
		in.buf = append(in.buf, part...)
		switch {
		case len(in.buf) > MaxBookLine+1:
			return nil, &BookError{in.number + 1, &Error{ErrLimit, "record", fmt.Sprintf("is longer than %d bytes", MaxBookLine)}}
		case err == nil:
			return in.buf[:len(in.buf)-1], nil
		case errors.Is(err, io.EOF) && len(in.buf) > 0:
			return in.buf, nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return nil, err
		}
	}
}

// ended refuses a text without an end, or with something after it.
func (in *bookReader) ended() error {
	if !in.done {
		return &BookError{in.number + 1, &Error{ErrTerms, "book", "was cut: it has no end"}}
	}
	switch _, err := in.r.ReadByte(); {
	case err == nil:
		return &BookError{in.number + 1, &Error{ErrTerms, "book", "goes on after its end"}}
	case !errors.Is(err, io.EOF):
		return err
	}
	return nil
}

// take takes a record in.
func (in *bookReader) take(text []byte) error {
	var l bookLine
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&l); err != nil {
		return in.malformed(err.Error())
	}
	if dec.InputOffset() != int64(len(text)) {
		return in.malformed("something stands after it")
	}
	if name, bad := strange(text); bad {
		return in.malformed(fmt.Sprintf("field %.40q stands twice or is no plain name", name))
	}
	stage, n := l.stage()
	if n != 1 {
		return in.malformed(fmt.Sprintf("has %d kinds, want one", n))
	}
	if stage < in.stage || stage > 0 && in.check == nil || stage == 0 && in.check != nil {
		return in.malformed("is out of order")
	}
	in.stage = stage
	return in.keep(&l)
}

func (in *bookReader) malformed(why string) error { return &Error{ErrTerms, "record", why} }

// stage returns the place of a record's kind in their order, and how many kinds it has.
func (l *bookLine) stage() (stage, n int) {
	for i, set := range [...]bool{l.Book != nil, l.Product != nil, l.Party != nil, l.Wallet != nil, l.Own != nil,
		l.Loan != nil, l.Total != nil, l.Left != nil, l.LeftLoan != nil, l.End != nil} {
		if set {
			stage = i
			n++
		}
	}
	return stage, n
}

// keep checks a record and adds it to the book.
func (in *bookReader) keep(l *bookLine) error {
	b, x := in.book, in.check
	switch {
	case l.Book != nil:
		if l.Book.Version != bookVersion {
			return in.malformed(fmt.Sprintf("is of version %d, want %d", l.Book.Version, bookVersion))
		}
		b.On, b.Tolerance = l.Book.On, l.Book.Tolerance
		in.check = newBookCheck(b.On, b.Tolerance)
		return in.check.header()
	case l.Product != nil:
		b.Products = append(b.Products, *l.Product)
		return x.product(l.Product)
	case l.Party != nil:
		b.Parties = append(b.Parties, *l.Party)
		return x.party(l.Party)
	case l.Wallet != nil:
		b.Wallets = append(b.Wallets, *l.Wallet)
		return x.wallet(l.Wallet)
	case l.Own != nil:
		b.Own = append(b.Own, *l.Own)
		return x.ownAccount(*l.Own)
	case l.Loan != nil:
		b.Loans = append(b.Loans, *l.Loan)
		return x.loan(l.Loan)
	case l.Total != nil:
		b.Totals = append(b.Totals, *l.Total)
		return x.total(*l.Total)
	case l.Left != nil:
		b.Left = append(b.Left, *l.Left)
		return x.leave(*l.Left)
	case l.LeftLoan != nil:
		b.LeftLoans = append(b.LeftLoans, *l.LeftLoan)
		return x.leaveLoan(l.LeftLoan)
	}
	in.done = true
	if l.End.Records != in.number-1 {
		return in.malformed(fmt.Sprintf("says %d records, there are %d", l.End.Records, in.number-1))
	}
	return nil
}

// strange finds a field of a JSON text that stands twice in its object, whatever the case of its letters,
// or whose name is escaped. The text is well formed.
func strange(text []byte) (name string, bad bool) {
	var open [][]string // names of the objects around; nil for a list
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '{':
			open = append(open, []string{})
		case '[':
			open = append(open, nil)
		case '}', ']':
			open = open[:len(open)-1]
		case '"':
			end := i + 1
			for ; text[end] != '"'; end++ {
				if text[end] == '\\' {
					end++
				}
			}
			word, next := string(text[i+1:end]), bytes.TrimLeft(text[end+1:], " \t\r")
			i = end
			if len(next) == 0 || next[0] != ':' {
				continue
			}
			top := len(open) - 1
			for _, other := range open[top] {
				bad = bad || strings.EqualFold(word, other)
			}
			if bad || strings.Contains(word, `\`) {
				return word, true
			}
			open[top] = append(open[top], word)
		}
	}
	return "", false
}

func compareErrors(a, b error) int {
	text := func(err error) string {
		if err == nil {
			return ""
		}
		return err.Error()
	}
	return cmp.Compare(text(a), text(b))
}
