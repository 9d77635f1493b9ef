package memory_test

import (
	"testing"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/lendingtest"
	"github.com/loanweave/loanweave/lending/memory"
)

func TestStore(t *testing.T) {
	lendingtest.StoreSuite(t, lendingtest.Stores{
		Open: func(*testing.T) event.Store { return memory.NewStore() },
	})
}
