package lending

import (
	"fmt"
	"strconv"

	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// appendRecord appends a record of CSV by RFC 4180, ended by CR LF. An amount is plain digits with all
// decimals of its currency, a zero date is empty.
func appendRecord(dst []byte, fields ...any) []byte {
	for i, f := range fields {
		if i > 0 {
			dst = append(dst, ',')
		}
		switch v := f.(type) {
		case string:
			dst = appendField(dst, v)
		case int:
			dst = strconv.AppendInt(dst, int64(v), 10)
		case int64:
			dst = strconv.AppendInt(dst, v, 10)
		case money.Amount:
			dst = append(dst, v.Text()...)
		case civil.Date:
			if !v.IsZero() {
				dst = append(dst, v.String()...)
			}
		case fmt.Stringer:
			dst = appendField(dst, v.String())
		}
	}
	return append(dst, "\r\n"...)
}

// appendField appends a field of CSV, quoted where it has to be.
func appendField(dst []byte, s string) []byte {
	plain := true
	for i := range len(s) {
		plain = plain && s[i] != ',' && s[i] != '"' && s[i] != '\r' && s[i] != '\n'
	}
	if plain {
		return append(dst, s...)
	}
	dst = append(dst, '"')
	for i := range len(s) {
		if s[i] == '"' {
			dst = append(dst, '"')
		}
		dst = append(dst, s[i])
	}
	return append(dst, '"')
}
