package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/loanweave/loanweave/schedule"
)

// maxLine is the longest line that is read, in bytes without its end: enough for 600 principals
// and 3,000 holidays.
const maxLine = 64 << 10

// stream answers each line with one, and reports whether all had a plan. It stops at the first
// error of reading or writing.
func (req *request) stream(in *bufio.Reader, out *bufio.Writer) (bool, error) {
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
		text, ok := req.answerLine(n, line, long)
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

// answerLine answers the n-th line of input.
func (req *request) answerLine(n int, line []byte, long bool) (text []byte, ok bool) {
	if long {
		return req.answer(n, schedule.Plan{}, []fault{{Code: codeLine, Problem: "is above 64 KiB"}})
	}
	var terms schedule.Terms
	if err := schedule.ReadTerms(line, &terms); err != nil {
		return req.answer(n, schedule.Plan{}, faultsIn(line, err))
	}
	plan, err := terms.Plan()
	return req.answer(n, plan, faultsOf(err))
}

// answer is the JSON line for a plan, or for what is wrong; ok means that it has the plan. It bears
// the number of the line that asked, which is 0 when none did.
func (req *request) answer(n int, plan schedule.Plan, faults []fault) (text []byte, ok bool) {
	name, value := "errors", any(faults)
	switch {
	case len(faults) > 0:
	case req.on.IsZero():
		name, value = "plan", plan
	default:
		name, value = "position", positionOn(plan, req.on)
	}
	text, err := marshal(value)
	if err != nil { // of a plan
		return req.answer(n, schedule.Plan{}, faultsOf(err))
	}
	head := `{"` + name + `":`
	if n > 0 {
		head = fmt.Sprintf(`{"line":%d,"%s":`, n, name)
	}
	return append(append([]byte(head), text...), '}'), len(faults) == 0
}

// marshal is json.Marshal, which would read over what a plan has written once more.
func marshal(value any) ([]byte, error) {
	if plan, ok := value.(schedule.Plan); ok {
		return plan.MarshalJSON()
	}
	return json.Marshal(value)
}
