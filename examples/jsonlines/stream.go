// Package jsonlines is the door of the examples that answer JSON lines: each line of input is
// answered by one line of output, a bad one by its faults, and none stops the others.
package jsonlines

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
)

// MaxLine is the longest line that is read, in bytes without its end: enough for 600 principals
// and 3,000 holidays.
const MaxLine = 64 << 10

// NewReader reads lines of up to MaxLine bytes.
func NewReader(r io.Reader) *bufio.Reader { return bufio.NewReaderSize(r, MaxLine+1) }

// Answer answers the n-th line, counted from 1, with a text of one line; ok means that it is no
// fault. A line above MaxLine comes as long, without its text.
type Answer func(n int, line []byte, long bool) (text []byte, ok bool)

// Serve answers each line with one, and reports whether all were ok. Answers are written when no
// further line is waiting. It stops at the first error of reading or writing.
func Serve(in *bufio.Reader, out *bufio.Writer, answer Answer) (bool, error) {
	all := true
	for n := 1; ; n++ {
		line, long, err := readLine(in)
		last := errors.Is(err, io.EOF)
		if err != nil && !last {
			return false, fmt.Errorf("read line: %w", err)
		}
		if last && len(line) == 0 && !long {
			return all, nil
		}
		text, ok := answer(n, line, long)
		all = all && ok
		if _, err := out.Write(append(text, '\n')); err != nil {
			return false, fmt.Errorf("write line: %w", err)
		}
		if last {
			return all, nil
		}
		if in.Buffered() > 0 {
			continue
		}
		if err := out.Flush(); err != nil { // someone may wait for the answer to ask on
			return false, fmt.Errorf("write line: %w", err)
		}
	}
}

// readLine reads up to the end of a line, or tells that it was too long and skips it. The line is
// valid until the next read. With the last line comes io.EOF when nothing ends it.
func readLine(in *bufio.Reader) (line []byte, long bool, err error) {
	line, err = in.ReadSlice('\n')
	for errors.Is(err, bufio.ErrBufferFull) {
		long = true
		_, err = in.ReadSlice('\n')
	}
	if long {
		return nil, true, err
	}
	return bytes.TrimSuffix(line, []byte{'\n'}), false, err
}

// IsEmpty reports whether there is nothing to read.
func IsEmpty(in *bufio.Reader) bool {
	_, err := in.Peek(1)
	return errors.Is(err, io.EOF)
}

// IsConsole reports whether r is a character device other than the null device: a terminal, from which
// nobody sends lines unasked.
func IsConsole(r io.Reader) bool {
	f, ok := r.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	if err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return false
	}
	null, err := os.Stat(os.DevNull)
	return err != nil || !os.SameFile(info, null)
}
