package lendingtest_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/loanweave/loanweave/lending/lendingtest"
	"github.com/loanweave/loanweave/lending/memory"
	"github.com/loanweave/loanweave/lending/payment"
	"github.com/loanweave/loanweave/schedule/money"
)

// moods says how a memory.Bank is brought into each mood.
var moods = map[lendingtest.Mood]memory.Script{
	lendingtest.Healthy:     {},
	lendingtest.LosesAck:    {LoseAck: true},
	lendingtest.Down:        {Unknown: 1},
	lendingtest.Rejecting:   {Reject: true},
	lendingtest.PayingParts: {Delay: 1, Parts: []int64{200, 700}},
	lendingtest.Failing:     {Parts: []int64{200}, Fail: true},
}

func bankIn(mood lendingtest.Mood) *memory.Bank {
	b := memory.NewBank()
	b.Script(func(payment.Instruction) memory.Script { return moods[mood] })
	return b
}

func TestGatewaySuitePasses(t *testing.T) {
	lendingtest.GatewaySuite(t, lendingtest.Gateways{
		Open: func(_ *testing.T, mood lendingtest.Mood) payment.Gateway { return bankIn(mood) },
		Paid: func(g payment.Gateway, id payment.ID) int64 { return g.(*memory.Bank).Paid(id) },
	})
}

// brokenGateway is a bank with a bug of that name.
type brokenGateway struct {
	*memory.Bank
	bug     string
	queries int
}

func (g *brokenGateway) Capabilities() payment.Caps {
	return payment.Caps{Idempotent: true, Partial: g.bug != "hides parts"}
}

func (g *brokenGateway) Submit(ctx context.Context, in payment.Instruction) error {
	switch g.bug {
	case "ids ignore case":
		in.ID = payment.ID(strings.ToLower(string(in.ID)))
	case "swallows":
		return nil
	case "cancelled is refused":
		if ctx.Err() != nil {
			return payment.ErrRejected
		}
	case "refuses what stands":
		if err := g.Bank.Submit(ctx, in); errors.Is(err, memory.ErrReused) {
			return payment.ErrRejected
		}
		return nil
	}
	err := g.Bank.Submit(ctx, in)
	switch {
	case g.bug == "lost is refused" && errors.Is(err, memory.ErrLost),
		g.bug == "down is refused" && errors.Is(err, memory.ErrDown):
		return payment.ErrRejected
	case g.bug == "refusal is unknown" && errors.Is(err, payment.ErrRejected):
		return errors.New("gateway timeout")
	case g.bug == "hides refusal" && err != nil, g.bug == "hides loss" && err != nil:
		return nil
	case g.bug == "pays while down" && errors.Is(err, memory.ErrDown):
		_ = g.Bank.Submit(ctx, in)
	}
	return err
}

func (g *brokenGateway) Query(ctx context.Context, id payment.ID) (payment.Report, error) {
	if g.bug == "ids ignore case" {
		id = payment.ID(strings.ToLower(string(id)))
	}
	r, err := g.Bank.Query(ctx, id)
	g.queries++
	switch {
	case err != nil && g.bug == "not found is pending":
		return payment.Report{Instruction: id, Status: payment.Pending}, nil
	case err != nil && g.bug == "not found is unknown":
		return r, errors.New("gateway timeout")
	case err != nil:
		return r, err
	case g.bug == "loses the id":
		r.Instruction = ""
	case g.bug == "other currency":
		r.Paid, _ = money.New(r.Paid.Minor(), money.MustCurrency("USD"))
	case g.bug == "forgets the end" && g.queries > 3:
		return payment.Report{Instruction: id, Status: payment.Pending}, nil
	case g.bug == "parts are steps" && g.queries == 3:
		r.Paid, _ = money.New(100, r.Paid.Currency())
	case g.bug == "settled early" && r.Status == payment.Pending && !r.Paid.IsZero():
		r.Status = payment.Settled
	case g.bug == "no parts" && r.Status == payment.Pending:
		r.Paid = money.Amount{}
	case g.bug == "failed is pending" && r.Status == payment.Failed:
		r.Status = payment.Pending
	case g.bug == "failed paid nothing" && r.Status == payment.Failed:
		r.Paid = money.Amount{}
	case g.bug == "never ends":
		r.Status = payment.Pending
	}
	return r, nil
}

// brokenGateways says which case has to kill which bug.
var brokenGateways = []struct{ bug, killer string }{
	{"swallows", "G01"},
	{"loses the id", "G01"},
	{"other currency", "G01"},
	{"never ends", "G01"},
	{"pays twice", "G02"},
	{"not found is pending", "G03"},
	{"not found is unknown", "G03"},
	{"ids ignore case", "G03"},
	{"lost is refused", "G04"},
	{"hides loss", "G04"},
	{"pays twice", "G04"},
	{"down is refused", "G05"},
	{"pays while down", "G05"},
	{"refusal is unknown", "G06"},
	{"hides refusal", "G06"},
	{"settled early", "G07"},
	{"parts are steps", "G07"},
	{"no parts", "G07"},
	{"hides parts", "G07"},
	{"failed is pending", "G08"},
	{"failed paid nothing", "G08"},
	{"forgets the end", "G09"},
	{"ids ignore case", "G10"},
	{"refuses what stands", "G10"},
	{"cancelled is refused", "G11"},
}

func TestGatewaySuiteKills(t *testing.T) {
	killed, armed := 0, map[string]bool{}
	for _, b := range brokenGateways {
		name := ""
		for _, c := range lendingtest.GatewayCases() {
			if strings.HasPrefix(c, b.killer+" ") {
				name = c
			}
		}
		armed[name] = true
		bank := bankIn(lendingtest.GatewayMood(name))
		bank.Dedup(b.bug != "pays twice")
		if lendingtest.GatewayFails(name, &brokenGateway{Bank: bank, bug: b.bug}, bank.Paid) {
			killed++
		} else {
			t.Errorf("a gateway that %q survives %s", b.bug, name)
		}
	}
	for _, c := range lendingtest.GatewayCases() {
		if !armed[c] {
			t.Errorf("no broken gateway is meant for %s", c)
		}
	}
	t.Logf("killed %d of %d broken gateways", killed, len(brokenGateways))
}
