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
	for {
		line, long, err := readLine(in)
		last := errors.Is(err, io.EOF)
		if err != nil && !last {
			return false, fmt.Errorf("read line: %w", err)
		}
		if last && len(line) == 0 && !long {
			return all, nil
		}
		text, ok := req.answerLine(line, long)
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

// answerLine answers one line of input.
func (req *request) answerLine(line []byte, long bool) (text []byte, ok bool) {
	if long {
		return req.answer(schedule.Plan{}, []fault{{Code: codeLine, Problem: "is above 64 KiB"}})
	}
	var terms schedule.Terms
	if err := decode(line, &terms); err != nil {
		return req.answer(schedule.Plan{}, faultsIn(line, err))
	}
	plan, err := terms.Plan()
	return req.answer(plan, faultsOf(err))
}

// answer is the JSON line for a plan, or for what is wrong; ok means that it has the plan.
func (req *request) answer(plan schedule.Plan, faults []fault) (text []byte, ok bool) {
	if len(faults) == 0 && !req.on.IsZero() {
		text, _ = json.Marshal(map[string]position{"position": positionOn(plan, req.on)})
		return text, true
	}
	if len(faults) == 0 {
		text, err := plan.MarshalJSON()
		if err == nil {
			return append(append([]byte(`{"plan":`), text...), '}'), true
		}
		faults = faultsOf(err)
	}
	text, _ = json.Marshal(map[string][]fault{"errors": faults})
	return text, false
}
