package lending_test

import (
	"flag"
	"os"
	"strconv"
	"testing"
)

// TestMain makes random runs longer than rapid's 30 steps, and fewer of them under the race detector,
// which looks for something else and takes ten times as long. What the command line says goes first.
func TestMain(m *testing.M) {
	flag.Parse()
	set := func(name, value string) {
		asked := false
		flag.Visit(func(f *flag.Flag) { asked = asked || f.Name == name })
		if asked {
			return
		}
		if err := flag.Set(name, value); err != nil {
			panic(err)
		}
	}
	set("rapid.steps", "80")
	if raced {
		set("rapid.checks", "12")
	}
	os.Exit(m.Run())
}

// alone skips a long test of one goroutine under the race detector, which has nothing to find in it. It
// runs without.
func alone(t *testing.T) {
	t.Helper()
	if raced {
		t.Skip("one goroutine, and long: it runs without the race detector")
	}
}

// runs is how many random runs a property has.
func runs() int {
	n, err := strconv.Atoi(flag.Lookup("rapid.checks").Value.String())
	if err != nil {
		panic(err)
	}
	return n
}
