package event_test

import (
	"context"
	"crypto/sha256"
	"fmt"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/memory"
)

// counter is a state; added is the one event that changes it.
type counter struct{ N int64 }

type added struct{ N int64 }

func (added) Type() string           { return "added" }
func (e added) Apply(c *counter)     { c.N += e.N }
func (e *added) Code(c *event.Codec) { c.Int(&e.N) }

var counters = event.NewKind("counter", nil, event.On[added]())

func Example() {
	ctx := context.Background()
	engine := event.NewEngine(memory.NewStore(), nil, 100)
	add := func(key string, n int64) {
		command := event.Command{Key: key, Fingerprint: sha256.Sum256(fmt.Append(nil, n))}
		e, err := event.Do(ctx, engine, command, counters.Ref("visits"),
			func(_ *event.Tx, c *counter) (added, error) {
				if c.N+n > 10 {
					return added{}, fmt.Errorf("%d and %d are more than ten", c.N, n)
				}
				return added{n}, nil
			})
		fmt.Println(key, e.N, err)
	}
	add("monday", 4)
	add("tuesday", 5)
	add("monday", 4) // a retry: nothing happens again
	add("monday", 6)
	add("friday", 7)
	c, version, err := event.View(ctx, engine, counters.Ref("visits"))
	fmt.Println(c.N, "at version", version, err)
	// Output:
	// monday 4 <nil>
	// tuesday 5 <nil>
	// monday 4 <nil>
	// monday 0 event: key reused for other content: monday
	// friday 0 9 and 7 are more than ten
	// 9 at version 2 <nil>
}

func ExampleDecode() {
	data := event.Encode(nil, 1, &added{-3})
	var e added
	err := event.Decode(data, 1, &e)
	fmt.Printf("% x: %+v %v\n", data, e, err)
	fmt.Println(event.Decode(append(data, 0), 1, &e))
	// Output:
	// 01 05: {N:-3} <nil>
	// event: malformed record: 1 bytes left over
}

func ExampleTry() {
	engine := event.NewEngine(memory.NewStore(), nil, 0)
	double := func(_ *event.Tx, c *counter) (added, error) { return added{c.N + 1}, nil }
	e, err := event.Try(context.Background(), engine, counters.Ref("a"), double)
	_, version, _ := event.View(context.Background(), engine, counters.Ref("a"))
	fmt.Println(e, err, version)
	// Output: {1} <nil> 0
}
