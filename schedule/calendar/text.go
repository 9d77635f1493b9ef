package calendar

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/loanweave/loanweave/schedule/civil"
)

// wire is the JSON form of Rules. A list without entries is left out.
type wire struct {
	Weekend  []string     `json:"weekend,omitempty"`
	Holidays []civil.Date `json:"holidays,omitempty"`
	Workdays []civil.Date `json:"workdays,omitempty"`
}

// weekdays are the texts of the weekdays, in the order of time.Weekday.
const weekdays = "sun mon tue wed thu fri sat"

// String gives the JSON text of the calendar's Rules, {"weekend":["sat","sun"]}; that of the zero
// Calendar is {}. Equal calendars have the same text, joint ones that of the days that came out.
func (c Calendar) String() string {
	text, _ := c.MarshalJSON() // it never fails
	return string(text)
}

// Parse reads the text that String gives, its dates and weekdays in any order. It returns the
// errors of New, a *SyntaxError, or for an impossible date a *civil.DateError.
func Parse(s string) (Calendar, error) {
	dec := json.NewDecoder(strings.NewReader(s))
	dec.DisallowUnknownFields()
	var form *wire
	err := dec.Decode(&form)
	if errors.Is(err, civil.ErrDate) {
		return Calendar{}, fmt.Errorf("calendar: read dates: %w", err)
	}
	if err != nil || form == nil {
		return Calendar{}, newSyntaxError("Calendar", s)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return Calendar{}, newSyntaxError("Calendar", s)
	}
	r := Rules{Holidays: form.Holidays, Workdays: form.Workdays}
	for _, text := range form.Weekend {
		day := slices.Index(strings.Fields(weekdays), text)
		if day < 0 {
			return Calendar{}, newSyntaxError("weekday", text)
		}
		r.Weekend = append(r.Weekend, time.Weekday(day))
	}
	return New(r)
}

// MustParse is Parse for constants and tests; it panics on an error.
func MustParse(s string) Calendar {
	c, err := Parse(s)
	if err != nil {
		panic(err)
	}
	return c
}

// MarshalJSON gives the object that String writes. It never fails.
func (c Calendar) MarshalJSON() ([]byte, error) {
	r := c.Rules()
	form := wire{Holidays: r.Holidays, Workdays: r.Workdays}
	for _, day := range r.Weekend {
		form.Weekend = append(form.Weekend, strings.Fields(weekdays)[day])
	}
	return json.Marshal(form)
}

// UnmarshalJSON reads what MarshalJSON wrote, with the errors of Parse; c is untouched on error and
// by null.
func (c *Calendar) UnmarshalJSON(text []byte) error {
	if bytes.Equal(text, []byte("null")) {
		return nil
	}
	parsed, err := Parse(string(text))
	if err != nil {
		return err
	}
	*c = parsed
	return nil
}
