package schedule

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strconv"

	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// MaxPlanJSON is the longest JSON text of a plan that is written or read, in bytes: four times
// what MaxRows rows take.
const MaxPlanJSON = 4 << 20

// planJSON is the JSON form of a Plan.
type planJSON struct {
	Terms Terms          `json:"terms"`
	Rows  instalmentList `json:"rows"`
}

// instalmentJSON is the JSON form of an Instalment, of which it has the fields, so that one
// converts into the other. A fee or a capitalised amount of nothing is left out.
type instalmentJSON struct {
	Number      int          `json:"number"`
	From        civil.Date   `json:"from"`
	End         civil.Date   `json:"end"`
	Due         civil.Date   `json:"due"`
	Principal   money.Amount `json:"principal"`
	Interest    money.Amount `json:"interest"`
	Fee         money.Amount `json:"fee,omitzero"`
	Capitalised money.Amount `json:"capitalised,omitzero"`
	Total       money.Amount `json:"total"`
	Balance     money.Amount `json:"balance"`
}

// MarshalJSON gives the terms and the instalments, each figure a text with its currency:
//
//	{"terms":{"principal":"CNY 10000.00",...},"rows":[{"number":1,"from":"2026-01-31",
//	"end":"2026-02-28","due":"2026-02-28","principal":"CNY 3300.22","interest":"CNY 100.00",
//	"total":"CNY 3400.22","balance":"CNY 6699.78"},...]}
//
// What is written UnmarshalJSON reads back to the same plan; Schema describes it. It fails with
// what Check reports, as for the zero Plan, with the error of a field that has no text, and with a
// *PlanError when calendars bring the text above MaxPlanJSON.
func (p Plan) MarshalJSON() ([]byte, error) {
	if err := p.Check(); err != nil {
		return nil, err
	}
	form := planJSON{Terms: p.terms, Rows: make(instalmentList, len(p.rows))}
	for i := range form.Rows {
		form.Rows[i] = instalmentJSON(p.At(i))
	}
	text, err := json.Marshal(form)
	if err == nil && len(text) > MaxPlanJSON {
		return nil, tooLong()
	}
	return text, err
}

// UnmarshalJSON reads what MarshalJSON wrote, as recorded: like NewPlan it checks the invariants
// and computes no interest. Fields that are unknown, written in another case or there twice, missing
// figures, more than MaxRows rows and texts above MaxPlanJSON are refused, and a figure that follows
// from others (number, from, total) must be what they make. Every error wraps ErrPlan and its cause:
// a *PlanError, a *JSONError, a *TermsError, an *OverflowError, the error of a figure's own text, or
// one of encoding/json. p is untouched on error and by null.
func (p *Plan) UnmarshalJSON(text []byte) error {
	if bytes.Equal(text, []byte("null")) {
		return nil
	}
	read, err := parsePlan(text)
	switch {
	case err == nil:
		*p = read
	case !errors.Is(err, ErrPlan):
		err = fmt.Errorf("%w: %w", ErrPlan, err)
	}
	return err
}

func parsePlan(text []byte) (Plan, error) {
	if len(text) > MaxPlanJSON {
		return Plan{}, tooLong()
	}
	var form planJSON
	if err := ReadJSON(text, &form); err != nil {
		if said := err.Error(); len(said) > longestFault {
			return Plan{}, &PlanError{Problem: "is no JSON of a plan: " + said[:longestFault]}
		}
		return Plan{}, err
	}
	plan, err := NewPlan(form.Terms, form.Rows.rows())
	if err != nil {
		return Plan{}, err
	}
	for i, got := range form.Rows {
		want := instalmentJSON(plan.At(i))
		if got.Fee == (money.Amount{}) {
			got.Fee = want.Fee
		}
		if got.Capitalised == (money.Amount{}) {
			got.Capitalised = want.Capitalised
		}
		if got != want {
			return Plan{}, &PlanError{Number: i + 1, Problem: "figures must make one another"}
		}
	}
	return plan, nil
}

func tooLong() error { return &PlanError{Problem: "must have at most 4 MiB of JSON"} }

// instalmentList stops reading at MaxRows.
type instalmentList []instalmentJSON

// UnmarshalJSON reads a list of instalments.
func (l *instalmentList) UnmarshalJSON(text []byte) error {
	dec := json.NewDecoder(bytes.NewReader(text))
	if open, err := dec.Token(); err != nil || open != json.Delim('[') {
		return &PlanError{Problem: "rows must be a list"}
	}
	var list instalmentList
	for dec.More() {
		if len(list) == MaxRows {
			return &PlanError{Problem: "must have 1 to 2400 rows"}
		}
		var in instalmentJSON
		if err := dec.Decode(&in); err != nil {
			return err
		}
		list = append(list, in)
	}
	*l = list
	return nil
}

// rows are the instalments as NewPlan takes them; what they leave out it does not ask for.
func (l instalmentList) rows() []Row {
	rows := make([]Row, len(l))
	for i, in := range l {
		rows[i] = Row{
			Due: in.Due, End: in.End, Principal: in.Principal.Minor(), Interest: in.Interest.Minor(),
			Fee: in.Fee.Minor(), Capitalised: in.Capitalised.Minor(), Balance: in.Balance.Minor(),
		}
	}
	return rows
}

// longestFault is the most that an error of encoding/json may say, which repeats a number whole.
const longestFault = 200

// ReadTerms reads the JSON object of a text over t: what it leaves out, or has as null, stays as it
// is, and a list replaces the list that was there. It is stricter than json.Unmarshal: a field that
// is unknown, written in another case than Schema has it, or there twice, is a *JSONError, and so is
// a text above MaxPlanJSON, null, or anything after the object. Other errors are those of a field's
// own text, or of encoding/json. t is untouched on error. Whether terms make a plan, Validate says.
func ReadTerms(text []byte, t *Terms) error {
	read := *t
	lists := func(do func(read, was reflect.Value)) {
		for i := range reflect.TypeFor[Terms]().NumField() {
			if field := reflect.ValueOf(&read).Elem().Field(i); field.Kind() == reflect.Slice {
				do(field, reflect.ValueOf(t).Elem().Field(i))
			}
		}
	}
	lists(func(read, _ reflect.Value) { read.SetZero() }) // or encoding/json would write over t's own
	if err := ReadJSON(text, &read); err != nil {
		return err
	}
	lists(func(read, was reflect.Value) {
		if read.IsNil() {
			read.Set(was)
		}
	})
	*t = read
	return nil
}

// ReadJSON reads the one JSON value of a text into what into points to, as strictly as [ReadTerms]
// does: for programs that are asked about more than terms. Structs have tagged fields, 64 at most,
// and none embedded; what reads its own JSON, as maps and interfaces do, is not looked into. On an
// error what into points to may have been written in part.
func ReadJSON(text []byte, into any) error {
	if len(text) > MaxPlanJSON {
		return &JSONError{Problem: "must have at most 4 MiB"}
	}
	dec := json.NewDecoder(bytes.NewReader(text))
	switch err := dec.Decode(into); {
	case errors.Is(err, io.EOF):
		return &JSONError{Problem: "must not be empty"}
	case err != nil:
		return err
	}
	switch rest := bytes.TrimLeft(text[dec.InputOffset():], " \t\r\n"); {
	case len(rest) > 0:
		return &JSONError{Problem: "must end before " + strconv.Quote(string(rest[:min(len(rest), 40)]))}
	case bytes.Equal(bytes.TrimSpace(text), []byte("null")):
		return &JSONError{Problem: "must not be a JSON null"}
	}
	return checkNames(text, reflect.TypeOf(into).Elem())
}
