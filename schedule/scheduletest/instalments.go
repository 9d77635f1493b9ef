package scheduletest

import (
	"fmt"
	"math/big"

	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/money"
)

// CheckInstalments says whether instalments have the shape of their method: equal payments under
// MethodLevelPayment, MethodSumOfDigits and MethodFixedPayment, their shares of the first under
// MethodStepped, equal principal under MethodEqualPrincipal and MethodFlat, the listed principal
// under MethodCustom, and none but the last under MethodInterestOnly. What was repaid early is
// followed by zeros. Where the payment is sized by what periods really bear, the last instalment
// differs by the balloon and by the growth of what was rounded.
//
// Passed over are terms with changes, grace, interest of its own or a down payment.
func CheckInstalments(t schedule.Terms, rows []schedule.Row) error {
	s := shape{meter: newMeter(&t), rows: instalmentsOf(&t, rows)}
	if s.n = len(s.rows); s.n != len(instalmentDays(&t)) || !steady(&t) {
		return nil
	}
	switch t.Method {
	case schedule.MethodLevelPayment, schedule.MethodStepped:
		return firstOf(s.checkPayments(), s.checkLast())
	case schedule.MethodFixedPayment, schedule.MethodSumOfDigits:
		return s.checkPayments()
	case schedule.MethodEqualPrincipal, schedule.MethodFlat:
		return s.checkShares()
	case schedule.MethodInterestOnly, schedule.MethodCustom:
		return s.checkListed()
	}
	return nil
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// steady reports whether nothing but instalments changes the balance.
func steady(t *schedule.Terms) bool {
	return len(t.Rates)+len(t.Tranches) == 0 && t.Grace == schedule.Grace{} &&
		t.Interest.IsZero() && t.Capitalise.IsZero() && t.DownPayment.IsZero()
}

// instalmentsOf are the rows on the days of instalments.
func instalmentsOf(t *schedule.Terms, rows []schedule.Row) (some []schedule.Row) {
	_, days := foreseen(t)
	for _, row := range withEnds(rows) {
		if days[row.End] > 0 && !(t.InAdvance && len(some) == 0 && row.End == t.Start) {
			some = append(some, row)
		}
	}
	return some
}

// shape is the instalments of terms.
type shape struct {
	*meter
	rows []schedule.Row
	n    int
}

func (s *shape) unit() int64 { return max(s.Rounding.Unit, 1) }

func (s *shape) paid(k int) int64 { return s.rows[k].Principal + s.rows[k].Interest }

// share is the share in force for instalment k, counted from 0, of the first payment.
func (s *shape) share(k int) *big.Rat {
	share := whole(1)
	for _, step := range s.Steps {
		if step.From <= k+1 {
			share.SetFrac64(step.Share.Pico(), 100*onePercent)
		}
	}
	return share
}

// checkPayments compares all payments but the last with the first, or with the one that is given.
func (s *shape) checkPayments() error {
	payment := s.Payment.Minor()
	if payment == 0 {
		payment = s.paid(0)
	}
	for k := range s.n - 1 {
		want, bound := new(big.Rat).Mul(s.share(k), whole(payment)), new(big.Rat)
		if len(s.Steps) > 0 {
			bound.SetInt64(s.unit())
		}
		less := whole(s.paid(k)).Cmp(want) <= 0
		if s.rows[k].Balance == 0 && (less || s.Method == schedule.MethodSumOfDigits) {
			continue
		}
		what := fmt.Sprintf("instalment %d pays", k+1)
		if err := within(what, whole(s.paid(k)), want, bound); err != nil {
			return err
		}
	}
	return nil
}

// checkLast compares the last payment with the first and the balloon, where periods are sized by
// what they bear.
func (s *shape) checkLast() error {
	even := s.Sizing == schedule.SizeByAccrual && s.exact()
	if s.Accrual != schedule.AccrueByDays && len(s.periods) == s.n {
		even = true
		for _, p := range s.periods {
			even = even && p.whole && p.every == s.Every
		}
	}
	if !even || s.Payment.Sign() > 0 || s.Rounding.Smooth || s.n != len(s.periods) || s.n == 1 {
		return nil
	}
	bound := new(big.Rat)
	for k, row := range s.rows {
		if row.Principal == 0 && row.Balance > 0 {
			return nil // interest was carried, or the payment is nothing
		}
		p, grown := s.periods[k], whole(1)
		bound.Mul(bound, grown.Add(grown, s.interest(p.from, p.to)))
		bound.Add(bound, s.rounding(p.from, p.to))
		rounded := new(big.Rat).Add(s.share(k), whole(1))
		bound.Add(bound, rounded.Mul(rounded, whole(s.unit())))
	}
	want := new(big.Rat).Mul(s.share(s.n-1), whole(s.paid(0)))
	want.Add(want, whole(s.Balloon.Minor()))
	return within("the last instalment pays", whole(s.paid(s.n-1)), want, bound)
}

// checkShares compares the principal of all instalments but the one that takes what remains with
// an equal share.
func (s *shape) checkShares() error {
	if s.Method == schedule.MethodFlat && s.Sizing == schedule.SizeByAccrual {
		return s.checkPayments()
	}
	first, share := 0, whole(s.Principal.Minor()-s.Balloon.Minor())
	if s.Rounding.Remainder == schedule.RemainderFirst {
		first = 1
	}
	share.Mul(share, big.NewRat(1, int64(s.n)))
	if s.Payment.Sign() > 0 {
		share.SetInt64(s.Payment.Minor())
	}
	for k := first; k < s.n-1; k++ {
		row := s.rows[k]
		if row.Balance <= s.Balloon.Minor() && whole(row.Principal).Cmp(share) <= 0 {
			continue // nothing is left to pay
		}
		what := fmt.Sprintf("the principal of instalment %d is", k+1)
		err := within(what, whole(row.Principal), share, whole(s.unit()))
		if err == nil && k > first {
			err = within(what, whole(row.Principal), whole(s.rows[first].Principal), s.spare(row))
		}
		if err != nil {
			return err
		}
	}
	if s.Method == schedule.MethodEqualPrincipal && s.rows[s.n-1].Principal < s.Balloon.Minor() {
		return fmt.Errorf("the last instalment pays %d, less than the balloon", s.paid(s.n-1))
	}
	return nil
}

// spare is how much an equal share may be off: not at all, or when it was the last to be had.
func (s *shape) spare(row schedule.Row) *big.Rat {
	if row.Balance <= s.Balloon.Minor() {
		return whole(money.MaxMinor)
	}
	return new(big.Rat)
}

// checkListed compares the principal of all instalments but the last with the list, or with none.
func (s *shape) checkListed() error {
	for k := range s.n - 1 {
		want := int64(0)
		if k < len(s.Principals) {
			want = s.Principals[k].Minor()
		}
		if got := s.rows[k].Principal; got != want {
			return fmt.Errorf("the principal of instalment %d is %d, want %d", k+1, got, want)
		}
	}
	return nil
}
