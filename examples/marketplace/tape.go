package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

// What a [TapeError] unwraps to.
var (
	ErrTape   = errors.New("tape cannot be read")
	ErrColumn = errors.New("needed column is missing")
	ErrRow    = errors.New("bad row")
)

// TapeError says what is wrong with a tape, and where. It unwraps to one of the sentinels above.
type TapeError struct {
	File   string
	Line   int    // counted from 1; 0 for the file as a whole
	Column string // as the file names it; empty for the whole line
	Value  string // cut to 40 bytes
	Why    string // what is wrong, and what would be right
	Err    error
}

// Error implements error.
func (e *TapeError) Error() string {
	var b strings.Builder
	b.WriteString(e.File)
	if e.Line > 0 {
		fmt.Fprintf(&b, " line %d", e.Line)
	}
	if e.Column != "" {
		fmt.Fprintf(&b, " column %s", e.Column)
	}
	if e.Value != "" {
		fmt.Fprintf(&b, " %q", e.Value)
	}
	fmt.Fprintf(&b, ": %v: %s", e.Err, e.Why)
	return b.String()
}

// Unwrap returns the sentinel.
func (e *TapeError) Unwrap() error { return e.Err }

// Limits bound the work that a tape can cause.
type Limits struct {
	Rows      int   // rows that are read, good or bad; the rest of the tape is left
	LineBytes int   // longer lines are bad rows
	Bytes     int64 // of the unpacked tape
	Strict    bool  // the first bad row ends the reading
}

// shownErrors is how many bad rows of a tape are kept with their reason.
const shownErrors = 5

// Tape is what a file held.
type Tape struct {
	Name  string
	Loans []Published
	Rows  int // good and bad
	Bad   int
	Cut   bool         // more rows followed than the limit allows
	First []*TapeError // why the first few bad rows are bad
}

// OpenTape reads a file in LendingClub's or Prosper's layout, plain or gzip. The error is a [*TapeError].
func OpenTape(name string, lim Limits) (Tape, error) {
	f, err := os.Open(name)
	if err != nil {
		why := err.Error()
		if bad := (*os.PathError)(nil); errors.As(err, &bad) {
			why = bad.Err.Error() + "; name the file again with -tape"
		}
		return Tape{}, &TapeError{File: name, Why: why, Err: ErrTape}
	}
	defer f.Close()
	return ReadTape(name, f, lim)
}

// ReadTape reads a tape: a header that names the columns, then one loan a line. Columns are found
// by their published names, in any order, which tell whose layout it is; others are ignored. A bad row is counted and left out,
// or ends the reading when the limits are strict. The name only stands in errors. The error is a
// [*TapeError].
func ReadTape(name string, r io.Reader, lim Limits) (Tape, error) {
	t := Tape{Name: name}
	in, err := unpack(r)
	if err != nil {
		return t, &TapeError{File: name, Why: err.Error(), Err: ErrTape}
	}
	text := &lines{in: bufio.NewReaderSize(&capped{in, lim.Bytes}, lim.LineBytes)}
	at, err := readHeader(name, text)
	if err != nil {
		return t, err
	}
	for {
		line, err := text.next()
		if errors.Is(err, io.EOF) {
			t.assumeLast()
			return t, nil
		}
		if err != nil && !errors.Is(err, errLong) {
			return t, &TapeError{File: name, Line: text.line, Why: err.Error(), Err: ErrTape}
		}
		if t.Rows >= lim.Rows {
			t.Cut = true
			t.assumeLast()
			return t, nil
		}
		t.Rows++
		row, bad := at.row(name, text.line, line, err)
		if bad == nil {
			t.Loans = append(t.Loans, row)
			continue
		}
		if lim.Strict {
			return t, bad
		}
		if t.Bad++; t.Bad <= shownErrors {
			t.First = append(t.First, bad)
		}
	}
}

// unpack looks for gzip's magic bytes.
func unpack(r io.Reader) (io.Reader, error) {
	in := bufio.NewReader(r)
	magic, err := in.Peek(2)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if !bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		return in, nil
	}
	return gzip.NewReader(in)
}

// capped fails, unlike io.LimitReader, when there is more than it may hand out.
type capped struct {
	in   io.Reader
	left int64
}

// Read implements io.Reader.
func (c *capped) Read(p []byte) (int, error) {
	n, err := c.in.Read(p)
	if c.left -= int64(n); c.left < 0 {
		return 0, errors.New("holds more than a tape may: split it into smaller files")
	}
	return n, err
}

// lines hands out the lines that are not blank, each valid until the next is asked for. A record
// is one line: the published files have no line breaks within quotes.
type lines struct {
	in   *bufio.Reader
	line int
}

var errLong = errors.New("the line is too long")

func (l *lines) next() ([]byte, error) {
	for {
		text, err := l.in.ReadSlice('\n')
		if len(text) == 0 && err != nil {
			return nil, err
		}
		l.line++
		if errors.Is(err, bufio.ErrBufferFull) {
			return nil, l.skip()
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
		if text = bytes.TrimRight(text, "\r\n"); len(bytes.TrimSpace(text)) > 0 {
			return text, nil
		}
	}
}

// skip leaves the rest of a line that does not fit the buffer.
func (l *lines) skip() error {
	for {
		_, err := l.in.ReadSlice('\n')
		switch {
		case err == nil, errors.Is(err, io.EOF):
			return errLong
		case !errors.Is(err, bufio.ErrBufferFull):
			return err
		}
	}
}

// fields splits one line of CSV.
func fields(line []byte) ([]string, error) {
	r := csv.NewReader(bytes.NewReader(line))
	r.FieldsPerRecord = -1
	record, err := r.Read()
	if err == nil {
		return record, nil
	}
	if bad := (*csv.ParseError)(nil); errors.As(err, &bad) {
		err = bad.Err
	}
	return nil, err
}

// column is what a loan needs to know, under the names by which files publish it.
type column uint8

const (
	colAmount column = iota
	colTerm
	colRate
	colInstallment
	colGrade
	colIssued
	colStatus
	colPrincipal
	colInterest
	colLateFees
	colServiceFee
	colYield
	colOldGrade
	colRecoveries // this and the following may be absent or blank
	colCollectionFee
	colLastPayment
	columns
)

// layout is how a platform publishes its loans.
type layout struct {
	names [columns][]string // of each column, the preferred first; none for one that it has not
	read  func(*cells) Published
}

// lendingClub is the layout of LendingClub's files.
var lendingClub = layout{
	names: [columns][]string{
		colAmount:        {"funded_amnt", "loan_amount", "loan_amnt"},
		colTerm:          {"term"},
		colRate:          {"int_rate", "interest_rate"},
		colInstallment:   {"installment"},
		colGrade:         {"grade"},
		colIssued:        {"issue_d", "issue_month"},
		colStatus:        {"loan_status"},
		colPrincipal:     {"total_rec_prncp", "paid_principal"},
		colInterest:      {"total_rec_int", "paid_interest"},
		colLateFees:      {"total_rec_late_fee", "paid_late_fees"},
		colRecoveries:    {"recoveries"},
		colCollectionFee: {"collection_recovery_fee"},
		colLastPayment:   {"last_pymnt_d"},
	},
	read: readLendingClub,
}

// header says where the columns stand and what they are called.
type header struct {
	*layout
	at    [columns]int // -1 for an absent one
	heads []string
}

// readHeader finds the columns. The line that LendingClub puts above them is passed over.
func readHeader(file string, text *lines) (*header, error) {
	bad := func(why string, err error) error {
		return &TapeError{File: file, Line: text.line, Why: why, Err: err}
	}
	line, err := text.next()
	if err == nil && bytes.Contains(line, []byte("Notes offered by")) {
		line, err = text.next()
	}
	if errors.Is(err, io.EOF) {
		return nil, bad("it is empty: the first line must name the columns", ErrTape)
	}
	if err != nil {
		return nil, bad(err.Error(), ErrTape)
	}
	h := &header{layout: &lendingClub}
	if h.heads, err = fields(bytes.TrimPrefix(line, []byte("\ufeff"))); err != nil {
		return nil, bad(err.Error(), ErrTape)
	}
	for i := range h.heads {
		h.heads[i] = strings.TrimSpace(h.heads[i])
	}
	if slices.Contains(h.heads, prosper.names[colAmount][0]) {
		h.layout = &prosper
	}
	for c := range columns {
		h.at[c] = -1
		for _, name := range h.names[c] {
			if i := slices.Index(h.heads, name); i >= 0 && h.at[c] < 0 {
				h.at[c] = i
			}
		}
		if h.at[c] < 0 && c < colRecoveries && len(h.names[c]) > 0 {
			return nil, bad("the first line must name a column "+
				strings.Join(h.names[c], " or "), ErrColumn)
		}
	}
	return h, nil
}
