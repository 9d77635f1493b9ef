package lendingtest

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/loanweave/loanweave/lending/event"
)

// awkward data: what stores of text, of JSON or of C strings get wrong.
func awkward() []string {
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	return []string{string(all), "", "\x00", "a\x00b",
		"trailing space ", "line\r\nline\n", "\xff\xfe\x80",
		`{"b": 1.0, "a":  2, "a": 3}`, `{"n": 12345678901234567890}`, "\u00e9 e\u0301", "null", "'; --",
		strings.Repeat("0123456789abcdef", 4096)}
}

func exactBytes(r *rig) {
	a := put(name("bytes"), 0, awkward()...)
	for i, typ := range []string{"~memo", "Type", "type", "a b", "\u6b3e", strings.Repeat("t", 255)} {
		a.Records[i].Type = typ
	}
	for i := range a.Records[0].Hash {
		a.Records[0].Hash[i] = byte(255 - i)
	}
	c := r.commit("key:of/bytes-1._", a)
	c.Fingerprint = event.Hash{0: 1, 13: 0xff, 31: 0x80}
	for i, d := range awkward() {
		c.Outbox = append(c.Outbox, event.Message{
			ID: fmt.Sprintf("m:%d/%s", i, "x"), Topic: "Topic", Data: []byte(d), Due: clock})
	}
	r.must(c)
	want := a.Records
	r.equal("records", want, r.load(event.Cursor{Stream: a.Stream})[0].Records)
	if _, fp, err := r.store.Find(r.ctx, c.Key); err != nil || fp != c.Fingerprint {
		r.Errorf("fingerprint %x, want %x: %v", fp, c.Fingerprint, err)
	}
	if r.outbox != nil {
		r.equal("messages", c.Outbox, r.due(clock, 99))
	}
	if r.feed != nil {
		changes, _ := r.read(0, 99)
		var got []event.Record
		for _, ch := range changes {
			got = append(got, ch.Record)
		}
		r.equal("feed", want, got)
	}
}

// scratch ruins everything that a caller can reach.
func scratch(records []event.Record) {
	for i := range records {
		clear(records[i].Data)
		_ = append(records[i].Data, "X"...)
		records[i] = event.Record{Type: "scratched"}
	}
	_ = append(records, event.Record{Type: "overrun"})
}

func noAliasing(r *rig) {
	a, b := name("a"), name("b")
	c := r.commit("key", put(a, 0, "first", "second", "third"), put(b, 0, "fourth"))
	c.Outbox = []event.Message{letter("m1", clock), letter("m2", clock)}
	c.Appends[0].Wake = day(0)
	r.must(c)
	before := fmt.Sprint(r.look()) // text shares nothing
	want := texts(c.Appends[0].Records)
	scratch(c.Appends[0].Records)
	scratch(c.Appends[1].Records)
	clear(c.Outbox[0].Data)
	c.Outbox[1] = event.Message{}
	c.Appends[0], c.Appends[1] = event.Append{}, event.Append{}
	r.equal("after the caller's reuse of a commit", before, fmt.Sprint(r.look()))

	r.must(r.commit("more", put(a, 3, "fifth")))
	first := r.load(event.Cursor{Stream: a}, event.Cursor{Stream: b})
	r.load(event.Cursor{Stream: b}, event.Cursor{Stream: a, After: 1})
	_ = append(first[0].Records[0].Data, "X"...)
	r.must(r.commit("most", put(b, 1, "sixth")))
	r.equal("a slice loaded earlier", append(want, "fifth"), texts(first[0].Records))
	r.equal("a slice loaded earlier", []string{"fourth"}, texts(first[1].Records))

	before = fmt.Sprint(r.look())
	for _, v := range []view{r.look(), r.look()} {
		for _, sl := range v.Slices {
			scratch(sl.Records)
		}
		for i := range v.Due {
			clear(v.Due[i].Data)
			_ = append(v.Due[i].Data, "X"...)
		}
		for i := range v.Changes {
			clear(v.Changes[i].Record.Data)
			_ = append(v.Changes[i].Record.Data, "X"...)
		}
	}
	r.equal("after the caller's reuse of results", before, fmt.Sprint(r.look()))
	r.snapshotAliasing(a)
}

func (r *rig) snapshotAliasing(s event.Stream) {
	if r.snapshots == nil {
		return
	}
	data := []byte("state")
	r.keep(s, event.Snapshot{At: 1, Data: data})
	clear(data)
	got, err := r.snapshots.Snapshot(r.ctx, s)
	if err != nil || string(got.Data) != "state" {
		r.Errorf("snapshot after reuse of its data: %q, %v", got.Data, err)
	}
	clear(got.Data)
	if got, err := r.snapshots.Snapshot(r.ctx, s); err != nil || string(got.Data) != "state" {
		r.Errorf("snapshot after reuse of a result: %q, %v", got.Data, err)
	}
}

// fits commits what may be too large: it is stored exactly, or refused and not stored at all.
func (r *rig) fits(what string, c event.Commit) {
	r.Helper()
	before := r.look()
	_, err := r.store.Commit(r.ctx, c)
	if err != nil {
		if !errors.Is(err, event.ErrTooLarge) {
			r.Errorf("%s: error %v, want none or ErrTooLarge", what, err)
		}
		r.unchanged(what, before)
		return
	}
	for _, a := range c.Appends {
		got := r.load(event.Cursor{Stream: a.Stream, After: a.Expect})[0].Records
		if !slices.EqualFunc(got, a.Records, func(x, y event.Record) bool {
			return x.Type == y.Type && x.Hash == y.Hash && string(x.Data) == string(y.Data)
		}) {
			r.Errorf("%s: stored, but not as given", what)
		}
	}
	if _, fp, err := r.store.Find(r.ctx, c.Key); err != nil || fp != c.Fingerprint {
		r.Errorf("%s: stored, but not under its key: %v", what, err)
	}
}

func tooLarge(r *rig) {
	for _, n := range []int{1 << 8, 1 << 12, 1<<16 - 1, 1 << 16, 1<<16 + 1, event.MaxRecord} {
		what := fmt.Sprintf("record of %d bytes", n)
		r.fits(what, r.commit(fmt.Sprintf("size-%d", n),
			put(name(fmt.Sprintf("size-%d", n)), 0, strings.Repeat("x", n-1)+"y")))
	}
	r.streams, r.keys = nil, nil
	long := strings.Repeat("n", event.MaxID-1)
	for _, tail := range []string{"1", "2"} { // equal but for the last byte
		s := event.Stream{Kind: long + tail, ID: long + tail}
		r.fits("longest names", r.commit(long+tail, put(s, 0, tail)))
	}
	for _, tail := range []string{"13", "14"} { // and one byte too long
		s := event.Stream{Kind: "loan", ID: long + tail}
		r.fits("names too long", r.commit(long+tail, put(s, 0, tail)))
	}
	r.streams, r.keys = nil, nil
	many := r.commit("many")
	for i := range event.MaxAppends {
		many.Appends = append(many.Appends, put(name(fmt.Sprintf("many-%d", i)), 0, "x"))
	}
	r.fits("very many streams", many)
	r.must(r.commit("small", put(name("small"), 0, "x")))
}
