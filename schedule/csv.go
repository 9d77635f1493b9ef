package schedule

import (
	"strconv"

	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// headCSV names the columns of AppendCSV, which are the same for every plan.
const headCSV = "number,from,end,due,currency,principal,interest,fee,capitalised,total,balance\r\n"

// AppendCSV appends the plan as CSV for other programs, by RFC 4180: a header and one record an
// instalment, each ended by CR LF, without totals. Dates are as in 2026-01-31, amounts plain digits
// with all decimals of the currency, which has a column of its own. No field needs quotes. The
// zero Plan has the header alone.
func (p Plan) AppendCSV(dst []byte) []byte {
	dst = append(dst, headCSV...)
	code := p.terms.Principal.Currency().Code()
	for i := range p.rows {
		in := p.At(i)
		dst = strconv.AppendInt(dst, int64(in.Number), 10)
		for _, day := range [...]civil.Date{in.From, in.End, in.Due} {
			dst = append(append(dst, ','), day.String()...)
		}
		dst = append(append(dst, ','), code...)
		for _, amt := range [...]money.Amount{
			in.Principal, in.Interest, in.Fee, in.Capitalised, in.Total, in.Balance,
		} {
			dst = append(append(dst, ','), amt.Text()...)
		}
		dst = append(dst, "\r\n"...)
	}
	return dst
}
