package lendingtest

import (
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/loanweave/loanweave/lending/event"
)

// purse is the smallest aggregate that can refuse for lack of funds.
type purse struct{ units int64 }

type moved struct{ by int64 }

func (moved) Type() string           { return "moved" }
func (m moved) Apply(p *purse)       { p.units += m.by }
func (m *moved) Code(c *event.Codec) { c.Int(&m.by) }

var purses = event.NewKind("purse", nil, event.On[moved]())

var errPoor = errors.New("purse is empty")

const (
	purseCount = 5
	purseStart = 40
	payments   = 60
	clerks     = 4
)

// bankWorkload moves units among purses from many goroutines, each with an engine of its own so
// that no lock outside the store orders them, and every payment sent twice.
func bankWorkload(r *rig) {
	engines := make([]*event.Engine, clerks)
	for i := range engines {
		engines[i] = event.NewEngine(r.store, nil, purseCount)
	}
	for i := range purseCount {
		if _, err := r.move(engines[0], fmt.Sprintf("open-%d", i), i, i, purseStart); err != nil {
			r.Fatalf("open purse: %v", err)
		}
	}
	var written atomic.Int64
	race(clerks, func(clerk int) {
		for n := range payments {
			from, to := (n+clerk)%purseCount, (n*3+clerk+1)%purseCount
			if from == to {
				continue
			}
			key := fmt.Sprintf("pay-%d-%d", clerk, n)
			first, err := r.move(engines[clerk], key, from, to, int64(n%7+1))
			if err == nil {
				written.Add(1)
			} else if !errors.Is(err, errPoor) {
				r.Errorf("payment: %v", err)
			}
			again, err2 := r.move(engines[(clerk+1)%clerks], key, from, to, int64(n%7+1))
			if err == nil && (err2 != nil || again != first) {
				r.Errorf("payment sent twice: %v, %v, want %v", again, err2, first)
			}
			if err != nil && err2 == nil {
				written.Add(1) // the purse was filled in between
			}
		}
	})
	r.auditPurses(2*written.Load() + purseCount)
}

// move pays from one purse to another, or into one when both are the same.
func (r *rig) move(g *event.Engine, key string, from, to int, units int64) (moved, error) {
	source, target := purses.Ref(fmt.Sprint(from)), purses.Ref(fmt.Sprint(to))
	cmd := event.Command{Key: key, Fingerprint: digest(key)}
	for try := 0; ; try++ {
		m, err := event.Do(r.ctx, g, cmd, source, func(t *event.Tx, p *purse) (moved, error) {
			if from == to {
				return moved{units}, nil
			}
			if err := event.Write(t, target, event.Of[purse](moved{units})); err != nil {
				return moved{}, err
			}
			if p.units < units {
				return moved{}, errPoor
			}
			return moved{-units}, nil
		})
		if !errors.Is(err, event.ErrConflict) || try > 20 {
			return m, err
		}
	}
}

func (r *rig) auditPurses(records int64) {
	g := event.NewEngine(r.store, nil, 0)
	var units, versions int64
	for i := range purseCount {
		p, v, err := event.View(r.ctx, g, purses.Ref(fmt.Sprint(i)))
		if err != nil {
			r.Fatalf("audit: %v", err)
		}
		if p.units < 0 {
			r.Errorf("purse %d holds %d", i, p.units)
		}
		units, versions = units+p.units, versions+int64(v)
	}
	if units != purseCount*purseStart || versions != records {
		r.Errorf("audit: %d units in %d records, want %d in %d",
			units, versions, purseCount*purseStart, records)
	}
}
