package event_test

import (
	"encoding/hex"
	"errors"
	"flag"
	"maps"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

var update = flag.Bool("update", false, "rewrite the golden files")

type color uint8

type note string

type item struct {
	Name note
	N    int64
}

func (x *item) Code(c *event.Codec) {
	event.Text(c, &x.Name)
	c.Int(&x.N)
}

// rich has a field for every method of a codec. Late came with version 2.
type rich struct {
	Int      int64
	Uint     uint64
	Count    int
	Bool     bool
	Byte     uint8
	Hash     event.Hash
	Date     civil.Date
	Currency money.Currency
	Amount   money.Amount
	Ints     []int64
	Text     note
	Enum     color
	Items    []item
	Nested   [][]int64
	Late     string
}

func (r *rich) Code(c *event.Codec) {
	c.Int(&r.Int)
	c.Uint(&r.Uint)
	c.Count(&r.Count)
	c.Bool(&r.Bool)
	c.Byte(&r.Byte)
	c.Hash(&r.Hash)
	c.Date(&r.Date)
	c.Currency(&r.Currency)
	c.Amount(&r.Amount)
	c.Ints(&r.Ints)
	event.Text(c, &r.Text)
	event.Enum(c, &r.Enum)
	event.List(c, &r.Items, func(c *event.Codec, x *item) { x.Code(c) })
	event.List(c, &r.Nested, (*event.Codec).Ints)
	if c.Version() >= 2 {
		event.Text(c, &r.Late)
	}
}

func drawCurrency(t *rapid.T) money.Currency {
	if rapid.Bool().Draw(t, "none") {
		return money.Currency{}
	}
	code := rapid.StringMatching("[A-Z]{3}").Draw(t, "code")
	c, err := money.NewCurrency(code, rapid.IntRange(0, 12).Draw(t, "digits"))
	if err != nil {
		return cny // a code of ISO 4217 has digits of its own
	}
	return c
}

func drawAmount(t *rapid.T) money.Amount {
	c := drawCurrency(t)
	if c.IsZero() {
		return money.Amount{}
	}
	a, err := money.New(rapid.Int64Range(-money.MaxMinor, money.MaxMinor).Draw(t, "minor"), c)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func drawDate(t *rapid.T) civil.Date {
	if rapid.Bool().Draw(t, "no date") {
		return civil.Date{}
	}
	last := civil.MustParse("9999-12-31").Ordinal()
	d, err := civil.FromOrdinal(rapid.Int32Range(1, last).Draw(t, "date"))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func drawRich(t *rapid.T) rich {
	ints := rapid.SliceOfN(rapid.Int64(), 0, 5)
	r := rich{
		Int:      rapid.Int64().Draw(t, "int"),
		Uint:     rapid.Uint64().Draw(t, "uint"),
		Count:    rapid.IntRange(0, math.MaxInt32).Draw(t, "count"),
		Bool:     rapid.Bool().Draw(t, "bool"),
		Byte:     rapid.Byte().Draw(t, "byte"),
		Date:     drawDate(t),
		Currency: drawCurrency(t),
		Amount:   drawAmount(t),
		Ints:     ints.Draw(t, "ints"),
		Text:     note(rapid.String().Draw(t, "text")),
		Enum:     color(rapid.Byte().Draw(t, "enum")),
		Nested:   rapid.SliceOfN(ints, 0, 3).Draw(t, "nested"),
		Late:     rapid.String().Draw(t, "late"),
	}
	copy(r.Hash[:], rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "hash"))
	for range rapid.IntRange(0, 3).Draw(t, "items") {
		r.Items = append(r.Items, item{note(rapid.String().Draw(t, "name")), rapid.Int64().Draw(t, "n")})
	}
	return r
}

func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := drawRich(t)
		version := rapid.Uint8Range(1, 2).Draw(t, "version")
		data := event.Encode([]byte("before"), version, &want)[len("before"):]
		if version == 1 {
			want.Late = ""
		}
		var got rich
		if err := event.Decode(data, 2, &got); err != nil {
			t.Fatal(err)
		}
		if d := diff(want, got); d != "" {
			t.Fatal(d)
		}
	})
}

// TestDamage cuts, extends and renumbers encodings: none of it decodes.
func TestDamage(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawRich(t)
		data := event.Encode(nil, 2, &r)
		damaged := map[string][]byte{
			"cut":     data[:rapid.IntRange(0, len(data)-1).Draw(t, "cut")],
			"longer":  append(slices.Clone(data), rapid.Byte().Draw(t, "extra")),
			"zero":    append([]byte{0}, data[1:]...),
			"newer":   append([]byte{rapid.Uint8Range(3, 255).Draw(t, "version")}, data[1:]...),
			"nothing": nil,
		}
		for name, b := range damaged {
			if err := event.Decode(b, 2, new(rich)); !errors.Is(err, event.ErrDecode) {
				t.Fatalf("%s: %v", name, err)
			}
		}
		flip(t, data)
		if err := event.Decode(data, 2, new(rich)); err != nil && !errors.Is(err, event.ErrDecode) {
			t.Fatal(err)
		}
	})
}

// one codes a single field by a function.
type one func(*event.Codec)

func (f one) Code(c *event.Codec) { f(c) }

// TestHostileFields decodes single fields from bytes that no encoder writes.
func TestHostileFields(t *testing.T) {
	var (
		n    int64
		u    uint64
		i    int
		b    bool
		h    event.Hash
		d    civil.Date
		cur  money.Currency
		a    money.Amount
		text string
		list []item
	)
	eleven := strings.Repeat("ff", 10) + "01"
	for name, field := range map[string]struct {
		code one
		hex  []string
	}{
		"int":  {func(c *event.Codec) { c.Int(&n) }, []string{"", "80", eleven}},
		"uint": {func(c *event.Codec) { c.Uint(&u) }, []string{"", "80", eleven}},
		"count": {func(c *event.Codec) { c.Count(&i) }, []string{"", "8080808008",
			"ffffffffffffffffff01"}},
		"bool": {func(c *event.Codec) { c.Bool(&b) }, []string{"", "02", "ff"}},
		"hash": {func(c *event.Codec) { c.Hash(&h) }, []string{"", strings.Repeat("00", 31)}},
		"date": {func(c *event.Codec) { c.Date(&d) }, []string{"", "ffffffff0f",
			"ffffffffffffffffff01", "ffffffff07"}},
		"currency": {func(c *event.Codec) { c.Currency(&cur) }, []string{"", "03", "03434e",
			"03636e79", "ff434e59"}},
		"amount": {func(c *event.Codec) { c.Amount(&a) }, []string{
			"", "00", "0002", "03434e59", "03434e59ffffffffffffffffff01",
		}},
		"text": {func(c *event.Codec) { event.Text(c, &text) }, []string{"", "01",
			"ffffffffffffffffff0161"}},
		"list": {func(c *event.Codec) {
			event.List(c, &list, func(c *event.Codec, x *item) { x.Code(c) })
		}, []string{"", "01", "ffffffffffffffffff0161", "03000000"}},
	} {
		for _, tail := range field.hex {
			data, err := hex.DecodeString("01" + tail)
			if err != nil {
				t.Fatal(err)
			}
			if err := event.Decode(data, 1, field.code); !errors.Is(err, event.ErrDecode) {
				t.Errorf("%s from %q: %v", name, tail, err)
			}
		}
	}
}

// TestHostileLengthsAllocateNothing: a list or text that claims four million elements.
func TestHostileLengthsAllocateNothing(t *testing.T) {
	var list []item
	var text string
	for name, code := range map[string]one{
		"list": func(c *event.Codec) {
			event.List(c, &list, func(c *event.Codec,
				x *item) {
				x.Code(c)
			})
		},
		"text": func(c *event.Codec) { event.Text(c, &text) },
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		err := event.Decode([]byte{1, 0xff, 0xff, 0xff, 0x01, 0}, 1, code)
		runtime.ReadMemStats(&after)
		if n := after.TotalAlloc - before.TotalAlloc; n > 1<<20 || !errors.Is(err, event.ErrDecode) {
			t.Errorf("%s: %d bytes, %v", name, n, err)
		}
	}
}

func TestEncodeRefusesWhatCannotBeRead(t *testing.T) {
	for _, n := range []int{-1, math.MinInt, math.MaxInt} {
		if n == math.MaxInt32 {
			continue // 32 bits hold no count that is too large
		}
		if b := event.Encode(nil, 1, &numbered{n}); b != nil {
			t.Errorf("count %d gives % x", n, b)
		}
	}
	fails := one(func(c *event.Codec) { c.Fail(errShort) })
	if b := event.Encode(nil, 1, fails); b != nil {
		t.Errorf("a value that fails gives % x", b)
	}
	if err := event.Decode([]byte{1}, 1, fails); !errors.Is(err, errShort) || !errors.Is(err,
		event.ErrDecode) {
		t.Errorf("a value that fails to decode: %v", err)
	}
}

// goldens holds one encoding for each method of a codec. They stand for ever.
var goldens = map[string]func(*event.Codec){
	"int": func(c *event.Codec) {
		each(c, (*event.Codec).Int, 0, -1, 1, math.MinInt64,
			math.MaxInt64)
	},
	"uint":  func(c *event.Codec) { each(c, (*event.Codec).Uint, 0, 1, 127, 128, math.MaxUint64) },
	"count": func(c *event.Codec) { each(c, (*event.Codec).Count, 0, 300, math.MaxInt32) },
	"bool":  func(c *event.Codec) { each(c, (*event.Codec).Bool, false, true) },
	"byte":  func(c *event.Codec) { each(c, (*event.Codec).Byte, 0, 255) },
	"hash":  func(c *event.Codec) { each(c, (*event.Codec).Hash, event.Hash{1, 31: 2}) },
	"date": func(c *event.Codec) {
		each(c, (*event.Codec).Date, civil.Date{},
			civil.MustParse("2026-02-28"))
	},
	"currency": func(c *event.Codec) { each(c, (*event.Codec).Currency, money.Currency{}, cny, jpy) },
	"amount": func(c *event.Codec) {
		each(c, (*event.Codec).Amount, money.Amount{}, money.MustParse("CNY -1.05"),
			money.MustParse("CNY 0.00"))
	},
	"ints": func(c *event.Codec) { each(c, (*event.Codec).Ints, nil, []int64{1, -1}) },
	"text": func(c *event.Codec) { each(c, event.Text[note], "", "借款") },
	"enum": func(c *event.Codec) { each(c, event.Enum[color], 0, 7) },
	"list": func(c *event.Codec) {
		each(c, func(c *event.Codec, l *[]item) {
			event.List(c, l, func(c *event.Codec, x *item) { x.Code(c) })
		}, nil, []item{{"a", 1}, {"", -2}})
	},
}

var cny, jpy = money.MustCurrency("CNY"), money.MustCurrency("JPY")

// each codes values, and reads them back when the codec reads.
func each[T any](c *event.Codec, code func(*event.Codec, *T), want ...T) {
	for _, v := range want {
		got := v
		if c.Reading() {
			got = *new(T)
		}
		if code(c, &got); c.Reading() && diff(v, got) != "" {
			c.Fail(errShort)
		}
	}
}

func TestGoldenBytes(t *testing.T) {
	for _, name := range slices.Sorted(maps.Keys(goldens)) {
		file := filepath.Join("testdata", name+".golden")
		if *update {
			text := hex.EncodeToString(event.Encode(nil, 1, one(goldens[name]))) + "\n"
			if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		want, err := hex.DecodeString(strings.TrimSpace(string(text)))
		if err != nil {
			t.Fatal(err)
		}
		if got := event.Encode(nil, 1, one(goldens[name])); !slices.Equal(got, want) {
			t.Errorf("%s is now % x, was % x", name, got, want)
		}
		if err := event.Decode(want, 1, one(goldens[name])); err != nil {
			t.Errorf("%s no longer decodes: %v", name, err)
		}
	}
}

// FuzzDecode decodes anything. It may not panic, nor allocate more than a small multiple of the
// input, and what decodes encodes to something that decodes to the same.
func FuzzDecode(f *testing.F) {
	f.Add([]byte{})
	f.Add(event.Encode(nil, 1, &rich{}))
	f.Add(event.Encode(nil, 2, &rich{
		Int: -5, Count: 7, Bool: true, Date: civil.MustParse("2026-02-28"), Currency: jpy,
		Amount: money.MustParse("CNY 1.05"), Ints: []int64{1, 2}, Text: "t", Items: []item{{"a", 1}},
		Nested: [][]int64{{1}, nil}, Late: "late",
	}))
	f.Fuzz(func(t *testing.T, data []byte) {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		var got, again rich
		err := event.Decode(data, 2, &got)
		runtime.ReadMemStats(&after)
		if n := after.TotalAlloc - before.TotalAlloc; n > 1<<20+64*uint64(len(data)) {
			t.Fatalf("%d bytes made of %d", n, len(data))
		}
		if err != nil {
			if !errors.Is(err, event.ErrDecode) {
				t.Fatal(err)
			}
			return
		}
		if err := event.Decode(event.Encode(nil, data[0], &got), 2, &again); err != nil {
			t.Fatal(err)
		}
		if d := diff(got, again); d != "" {
			t.Fatal(d)
		}
	})
}
