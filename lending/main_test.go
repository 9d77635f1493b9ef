package lending_test

import (
	"flag"
	"os"
	"testing"
)

// TestMain makes random runs longer than rapid's 30 steps, unless the command line says otherwise.
func TestMain(m *testing.M) {
	flag.Parse()
	asked := false
	flag.Visit(func(f *flag.Flag) { asked = asked || f.Name == "rapid.steps" })
	if !asked {
		if err := flag.Set("rapid.steps", "80"); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}
