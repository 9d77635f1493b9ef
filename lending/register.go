package lending

import (
	"strconv"

	"github.com/loanweave/loanweave/schedule/civil"
)

// ComplaintReport is the register of complaints on a date (投诉登记报表).
type ComplaintReport struct {
	On    civil.Date
	Kinds []ComplaintLine // one a kind, in the order of their constants
	Cases []Case          // as they were opened
}

// ComplaintLine counts the entries of a kind. The sums of days are of those that got so far, each
// counted from its opening: divide by their number for the mean.
type ComplaintLine struct {
	Kind                                 ComplaintKind
	Opened                               int
	Open                                 int // not closed
	Overdue                              int // of those, past a deadline without its step
	Escalated                            int // ever
	Late                                 int // answered after the deadline
	Answered                             int
	Closed                               int
	Outcomes                             [OutcomeWithdrawn + 1]int // of those closed, by outcome
	DaysToAck, DaysToAnswer, DaysToClose int                       // sums over Acked, Answered, Closed
	Acked                                int
}

// Complaints reports on the register as it was folded, deadlines judged on a date.
func (r *Reports) Complaints(on civil.Date) ComplaintReport {
	out := ComplaintReport{On: on}
	for k := Enquiry; k <= Suggestion; k++ {
		out.Kinds = append(out.Kinds, ComplaintLine{Kind: k})
	}
	for _, id := range r.records.register {
		c := r.records.complaints[id]
		out.Cases = append(out.Cases, *c)
		if c.Kind >= Enquiry && c.Kind <= Suggestion {
			out.Kinds[c.Kind-Enquiry].count(c, on)
		}
	}
	return out
}

func (l *ComplaintLine) count(c *Case, on civil.Date) {
	l.Opened++
	if c.Overdue(on) {
		l.Overdue++
	}
	if c.Level > 0 {
		l.Escalated++
	}
	if !c.Acked.IsZero() {
		l.Acked++
		l.DaysToAck += c.Acked.Sub(c.Opened)
	}
	if !c.Answered.IsZero() {
		l.Answered++
		l.DaysToAnswer += c.Answered.Sub(c.Opened)
		if c.AnswerLate {
			l.Late++
		}
	}
	if c.Closed.IsZero() {
		l.Open++
		return
	}
	l.Closed++
	l.DaysToClose += c.Closed.Sub(c.Opened)
	if c.Outcome <= OutcomeWithdrawn {
		l.Outcomes[c.Outcome]++
	}
}

// Flags returns the flags raised on a party's file, LoanFlags those on a loan's.
func (r *Reports) Flags(p PartyID) []Flag { return r.records.flags(FileRef(p).ID) }

// LoanFlags returns the flags raised on a loan's file.
func (r *Reports) LoanFlags(id LoanID) []Flag { return r.records.flags(LoanFileRef(id).ID) }

func (r *records) flags(id string) []Flag {
	if f := r.files[id]; f != nil {
		return append([]Flag(nil), f.Flags...)
	}
	return nil
}

// AppendCSV appends the register as CSV by RFC 4180: a header and one record an entry, each ended by
// CR LF. A date that has not come is empty. No field needs quotes.
func (p ComplaintReport) AppendCSV(dst []byte) []byte {
	dst = append(dst, "id,kind,from,opened,acknowledge-by,answer-by,acknowledged,answered,closed,outcome,handler,level,overdue\r\n"...)
	for i := range p.Cases {
		c := &p.Cases[i]
		for _, s := range []string{string(c.ID), c.Kind.String(), string(c.From)} {
			dst = append(append(dst, s...), ',')
		}
		for _, d := range []civil.Date{c.Opened, c.AckBy, c.AnswerBy, c.Acked, c.Answered, c.Closed} {
			if !d.IsZero() {
				dst = append(dst, d.String()...)
			}
			dst = append(dst, ',')
		}
		if c.Outcome != 0 {
			dst = append(dst, c.Outcome.String()...)
		}
		dst = append(append(append(dst, ','), c.Handler...), ',')
		dst = strconv.AppendInt(dst, int64(c.Level), 10)
		dst = strconv.AppendBool(append(dst, ','), c.Overdue(p.On))
		dst = append(dst, "\r\n"...)
	}
	return dst
}
