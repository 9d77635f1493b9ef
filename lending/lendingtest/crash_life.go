package lendingtest

import (
	"fmt"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/memory"
	"github.com/loanweave/loanweave/lending/payment"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// author writes a life: it knows the date and gives every command a key of its own.
type author struct {
	day   civil.Date
	steps []Step
}

var staff = map[lending.Role]lending.ActorID{
	lending.RoleAnalyst: "amir", lending.RoleOfficer: "olga", lending.RoleCashier: "carl",
	lending.RoleCustodian: "bank", lending.RoleSystem: "timer",
}

func (a *author) as(id lending.ActorID, role lending.Role, key string) lending.Meta {
	return lending.Meta{Key: key, Actor: lending.Actor{ID: id, Role: role}, On: a.day,
		Approver: lending.Actor{ID: "chief", Role: lending.RoleOfficer}}
}

// office adds a command of one of the platform's people, party one of a party.
func office[S any, E event.Of[S]](
	a *author, role lending.Role, key string, c lending.Command[S, E],
) {
	a.steps = append(a.steps, Send(a.as(staff[role], role, key), c))
}

func party[S any, E event.Of[S]](
	a *author, p lending.PartyID, key string, c lending.Command[S, E],
) string {
	m := a.as(lending.ActorID(p), lending.RoleParty, key)
	a.steps = append(a.steps, Send(m, c))
	return c.Home(m).ID
}

func (a *author) deposit(p lending.PartyID, amount, key string) {
	d := lending.Deposit{Party: p, Amount: money.MustParse(amount)}
	office(a, lending.RoleCustodian, key, d)
	a.steps[len(a.steps)-1].outside = func(b *memory.Bank) {
		b.Put(payment.Account{Kind: payment.Free, Party: payment.PartyID(p)}, d.Amount)
	}
}

// deliver calls the bank so often that everything it delays is through on the same day.
func (a *author) deliver() {
	for range 4 {
		a.steps = append(a.steps, Deliver(a.day))
	}
}

func (a *author) date(s string) { a.day = civil.MustParse(s) }

func (a *author) endDay(s string) {
	a.date(s)
	a.steps = append(a.steps, EndDay(a.day))
}

// FullLife is the life of a platform with two loans, for [EnumerateCrashes]: one fails at its
// deadline; the other, of five lenders, is disbursed at the second attempt, repaid in time, late
// and early, a payment is taken back, and money is withdrawn, once in vain. The bank's reports
// come twice and out of order. It wants [FullLifeConfig] and ends before 2026-07-01.
func FullLife() []Step {
	return fullLife(false)
}

func fullLife(perUser bool) []Step {
	a := &author{day: civil.MustParse("2026-01-31")}
	a.prepare()
	failed := a.open("second", "eve")
	for i, p := range []lending.PartyID{"bob", "cat", "dan"} {
		party(a, p, "small-"+string(p), lending.PlaceBid{Loan: failed, Amount: cny(int64(100 + i))})
	}
	loan := a.open("first", "ann")
	for i, p := range []lending.PartyID{"bob", "cat", "dan", "eve", "fay"} {
		party(a, p, "bid-"+string(p), lending.PlaceBid{Loan: loan, Amount: cny(200_000 + int64(i)*777)})
	}
	a.deliver()
	if perUser { // cat's bid was refused, dan's cut
		party(a, "cat", "bid-more", lending.PlaceBid{Loan: loan, Amount: cny(200_000)})
		party(a, "dan", "bid-rest", lending.PlaceBid{Loan: loan, Amount: cny(250_000)})
	}
	office(a, lending.RoleOfficer, "review", lending.ReviewFunding{Loan: loan})
	a.deliver() // captures the holds, chunk by chunk
	office(a, lending.RoleCashier, "disburse", lending.Disburse{Loan: loan})
	a.deliver() // the bank refuses
	a.endDay("2026-02-06")
	office(a, lending.RoleCashier, "disburse-again", lending.Disburse{Loan: loan})
	a.deliver()
	a.repay(loan)
	a.leave()
	return a.steps
}

// FullLifeConfig makes chunks matter: the lenders are five.
func FullLifeConfig() lending.Config { return lending.Config{Chunk: 2} }

// FullLifeRest is a day after [FullLife].
func FullLifeRest() civil.Date { return civil.MustParse("2026-07-01") }

// FullLifeScript is a bank that refuses, delays, pays in parts, fails and loses answers.
func FullLifeScript(in payment.Instruction) memory.Script {
	switch id := string(in.ID); {
	case id[len(id)-3:] == ".d1":
		return memory.Script{Reject: true}
	case id[len(id)-3:] == ".d2":
		return memory.Script{Delay: 1, Parts: []int64{500_000}, LoseAck: true}
	case in.Party == "bob":
		return memory.Script{Unknown: 1, Parts: []int64{1, 2500}}
	case in.Party == "fay":
		return memory.Script{Parts: []int64{4000}, Fail: true}
	}
	return memory.Script{}
}

func cny(minor int64) money.Amount {
	a, err := money.New(minor, money.MustCurrency("CNY"))
	if err != nil {
		panic(err)
	}
	return a
}

func (a *author) prepare() {
	p := lending.StandardProduct("personal", money.MustCurrency("CNY"))
	p.Tender.OpenDays = 5
	p.Late.Penalty = schedule.MustRate("18.25% per year")
	fee := lending.Fee{Payee: lending.ToPlatform, Round: money.Down}
	for _, f := range []struct {
		id     lending.Code
		timing lending.Timing
		base   lending.Base
		ppm    int64
	}{{"upfront", lending.AtDisbursement, lending.OnAmount, 30_000},
		{"late", lending.WhenLate, lending.OnUnpaid, 50_000},
		{"service", lending.AtPayout, lending.OnPayment, 10_000}} {
		fee.ID, fee.Timing, fee.Base, fee.PPM = f.id, f.timing, f.base, f.ppm
		if f.timing == lending.AtPayout {
			fee.Point = lending.RunningTotal
		}
		p.Fees = append(p.Fees, fee)
	}
	office(a, lending.RoleOfficer, "product", lending.DefineProduct{Product: p})
	for _, id := range []lending.PartyID{"ann", "bob", "cat", "dan", "eve", "fay"} {
		register := lending.Register{Party: id, Kind: lending.Person}
		office(a, lending.RoleOfficer, "register-"+string(id), register)
		if id != "ann" {
			a.deposit(id, "CNY 3000.00", "in-"+string(id))
		}
	}
}

// open takes a loan to its tender and returns its id.
func (a *author) open(name string, borrower lending.PartyID) lending.LoanID {
	apply := lending.Apply{Product: "personal", Amount: cny(1_000_000), Periods: 4}
	loan := lending.LoanID(party(a, borrower, "apply-"+name, apply))
	rate := schedule.MustRate("7.2% per year")
	office(a, lending.RoleAnalyst, "approve-"+name, lending.Approve{Loan: loan, Rate: rate})
	office(a, lending.RoleOfficer, "publish-"+name, lending.Publish{Loan: loan})
	return loan
}

// repay pays the loan back: in time, late, a payment that is taken back, early.
func (a *author) repay(loan lending.LoanID) {
	a.date("2026-03-06")
	a.deposit("ann", "CNY 12000.00", "in-ann")
	party(a, "ann", "repay-1", lending.Repay{Loan: loan, Amount: cny(253_758)})
	a.steps = append(a.steps, Deliver(a.day), EndDay(a.day))
	a.endDay("2026-04-16")
	party(a, "ann", "repay-2", lending.Repay{Loan: loan, Amount: cny(300_000)})
	a.steps = append(a.steps, Deliver(a.day))
	office(a, lending.RoleOfficer, "reverse", lending.ReversePayment{Loan: loan, Reason: "bounced"})
	a.steps = append(a.steps, Deliver(a.day))
	a.endDay("2026-04-17")
	party(a, "ann", "repay-3", lending.Repay{Loan: loan, Amount: cny(250_000)})
	a.endDay("2026-05-20")
	party(a, "ann", "payoff", lending.PayOff{Loan: loan})
	a.steps = append(a.steps, Deliver(a.day))
}

// leave withdraws money; then the bank says again what it has said.
func (a *author) leave() {
	a.date("2026-05-21")
	out := party(a, "bob", "out-bob", lending.Withdraw{Amount: cny(7_500)})
	party(a, "fay", "out-fay", lending.Withdraw{Amount: cny(9_999)})
	party(a, "cat", "out-cat", lending.Withdraw{Amount: cny(300_000)})
	a.deliver()
	for i, r := range []payment.Report{
		{Paid: cny(1), Status: payment.Pending},
		{Paid: cny(7_500), Status: payment.Settled},
		{Status: payment.Pending},
	} {
		r.Instruction = payment.ID(out)
		office(a, lending.RoleCustodian, fmt.Sprintf("said-%d", i), lending.Observe{Report: r})
	}
}
