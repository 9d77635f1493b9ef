// Command schedulebench measures plans of level payments beside the loops that a program would
// otherwise write itself: in decimals of two packages, and in float64. It counts too how many loans
// each gets right to the cent. Run it in its folder, on a machine that does nothing else:
//
//	go run .
//
// Times differ from machine to machine; the ratios of one run are what counts.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"log"
	"math"
	"os"
	"testing"
)

func main() {
	testing.Init() // testing.Benchmark reads its flags
	loans := flag.Int("loans", 20_000, "how many random loans to check to the cent")
	flag.Parse()
	if err := flag.Set("test.benchtime", "200ms"); err != nil {
		log.Fatal(err)
	}
	if err := report(os.Stdout, *loans, measure); err != nil {
		log.Fatal(err)
	}
}

// figures are what a task costs each time.
type figures struct{ nanoseconds, allocations float64 }

// measure runs a task for a while, five times, and gives the best: what else the machine does can
// only slow it down.
func measure(task func()) figures {
	best := figures{nanoseconds: math.Inf(1)}
	for range 5 {
		result := testing.Benchmark(func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				task()
			}
		})
		best.allocations = float64(result.AllocsPerOp())
		best.nanoseconds = min(best.nanoseconds, float64(result.T.Nanoseconds())/float64(result.N))
	}
	return best
}

// report prints the table: a block for each task, the first line of which is what the others are
// compared with.
func report(out io.Writer, loans int, measure func(task func()) figures) error {
	table := bufio.NewWriter(out)
	fmt.Fprintf(table, "%-22s%-26s%12s%13s%9s\n", "task", "by", "ns", "allocations", "ratio")
	for _, b := range blocks() {
		base := 0.0
		for _, by := range b.by {
			got := measure(by.task)
			if base == 0 {
				base = got.nanoseconds
			}
			fmt.Fprintf(table, "%-22s%-26s%12.0f%13.0f%9.2f\n",
				b.task, by.name, got.nanoseconds, got.allocations, got.nanoseconds/base)
		}
	}
	fmt.Fprintf(table, "\n%-26s right to the cent, of %d random loans\n", "by", loans)
	for _, p := range peers() {
		fmt.Fprintf(table, "%-26s%18d\n", p.name, right(p, loans))
	}
	return table.Flush()
}

// block is one task and those who do it.
type block struct {
	task string
	by   []doer
}

type doer struct {
	name string
	task func()
}

func blocks() []block {
	var all []block
	for _, periods := range []int{12, 36, 360} {
		l := loan{principal: 100_000_00, basisPoints: 465, periods: periods}
		b := block{task: fmt.Sprintf("plan of %d rows", periods)}
		for _, p := range peers() {
			b.by = append(b.by, doer{p.name, func() { p.plan(l) }})
		}
		b.by = append(b.by, doer{"loanweave, prepared", appending(l)})
		all = append(all, b)
	}
	level, l := block{task: "level payment of 36"}, loan{100_000_00, 465, 36}
	for _, p := range peers() {
		level.by = append(level.by, doer{p.name, func() { p.level(l) }})
	}
	return append(all, level, block{"XIRR of 37 flows", []doer{
		{"loanweave", ownXIRR(l)},
		{"float64, Newton's method", floatXIRR(l)},
	}})
}
