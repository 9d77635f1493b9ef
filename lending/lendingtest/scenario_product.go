package lendingtest

import (
	"encoding"
	"errors"
	"strings"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/money"
)

// product reads a product: its id, its currency and then words, each followed by one value. What
// is not said is as in [lending.StandardProduct]. "min", "max", "to" and "of" are about the fee
// before them.
func product(words []string) (lending.Product, error) {
	c, err := money.ParseCurrency(words[1])
	if err != nil {
		return lending.Product{}, badLine("%v", err)
	}
	p := lending.StandardProduct(lending.ProductID(words[0]), c)
	words = words[2:]
	if len(words)%2 != 0 {
		return p, badLine("every word of a product has one value")
	}
	for i := 0; i < len(words); i += 2 {
		if err := productWord(&p, words[i], words[i+1]); err != nil {
			return p, err
		}
	}
	return p, nil
}

func productWord(p *lending.Product, word, value string) (err error) {
	from, to, _ := strings.Cut(value, "..")
	switch word {
	case "periods":
		err = both(&p.MinPeriods, &p.MaxPeriods, from, to, number)
	case "amount":
		err = both(&p.MinAmount, &p.MaxAmount, from, to,
			func(s string) (money.Amount, error) { return amount(s, p.Currency) })
	case "rate":
		err = both(&p.MinRate, &p.MaxRate, from, to, rate)
	case "method":
		err = text(&p.Method, value)
	case "every":
		p.Every, err = schedule.ParseFrequency(strings.ReplaceAll(value, "-", " "))
	case "accrual":
		err = text(&p.Accrual, value)
	case "day-count":
		err = text(&p.DayCount, value)
	case "round-instalment":
		err = text(&p.Rounding.Instalment, value)
	case "round-interest":
		err = text(&p.Rounding.Interest, value)
	case "round-penalty":
		err = text(&p.Late.Round, value)
	case "open":
		p.Tender.OpenDays, err = number(value)
	case "min-bid":
		p.Tender.MinBid, err = amount(value, p.Currency)
	case "step":
		p.Tender.Increment, err = amount(value, p.Currency)
	case "max-bid":
		p.Tender.MaxPerBid, err = ppm(value)
	case "grace":
		p.Late.GraceDays, err = number(value)
	case "penalty":
		p.Late.Penalty, err = rate(value)
	case "order":
		p.Waterfall.ByBucket = value == "across"
		if !p.Waterfall.ByBucket && value != "oldest" {
			err = errors.New("want across or oldest")
		}
	default:
		err = feeWord(p, word, value)
	}
	if err != nil {
		return badLine("%s %s: %v", word, value, err)
	}
	return nil
}

func feeWord(p *lending.Product, word, value string) (err error) {
	kinds := map[string]lending.Fee{
		"upfront-fee":    {Timing: lending.AtDisbursement, Base: lending.OnAmount},
		"late-fee":       {Timing: lending.WhenLate, Base: lending.OnUnpaid},
		"monthly-fee":    {Timing: lending.WithInstalment, Base: lending.OnAmount},
		"collection-fee": {Timing: lending.OnRecovery, Base: lending.OnPayment},
		"payout-fee": {Timing: lending.AtPayout, Base: lending.OnPayment, Point: lending.RunningTotal,
			Round: money.Down},
	}
	if f, ok := kinds[word]; ok {
		f.ID, f.Payee = lending.Code(strings.TrimSuffix(word, "-fee")), lending.ToPlatform
		if f.Round == 0 {
			f.Round = money.HalfUp
		}
		f.PPM, err = ppm(value)
		p.Fees = append(p.Fees, f)
		return err
	}
	if len(p.Fees) == 0 {
		return badLine("a product has no %q", word)
	}
	f := &p.Fees[len(p.Fees)-1]
	switch word + " " + value {
	case "to lenders":
		f.Payee = lending.ToLenders
		return nil
	case "of interest":
		f.Base = lending.OnInterest
		return nil
	}
	a, err := amount(value, p.Currency)
	switch word {
	case "min":
		f.Min = a.Minor()
	case "max":
		f.Max = a.Minor()
	default:
		return badLine("a fee has no %q", word)
	}
	return err
}

// both reads the two ends of a range.
func both[T any](low, high *T, from, to string, read func(string) (T, error)) (err error) {
	if *low, err = read(from); err == nil {
		*high, err = read(to)
	}
	return err
}

func text(v encoding.TextUnmarshaler, s string) error { return v.UnmarshalText([]byte(s)) }
