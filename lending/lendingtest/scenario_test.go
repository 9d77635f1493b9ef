package lendingtest_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/lendingtest"
	"github.com/loanweave/loanweave/lending/memory"
	"github.com/loanweave/loanweave/schedule/money"
)

var _ = flag.Bool("update", false, "write what the stories print into their files")

func TestStories(t *testing.T) { lendingtest.RunStories(t, "testdata/stories") }

// The stories say every command of the library at least once, and have each refused at least once.
func TestStoriesAreComplete(t *testing.T) {
	done, refused := map[string]bool{}, map[string]bool{}
	for _, text := range stories(t) {
		for _, line := range strings.Split(text, "\n") {
			words := strings.Fields(line)
			into := done
			for len(words) > 2 && strings.HasSuffix(words[1], ":") {
				if words[0] == "expect" {
					into = refused
				}
				words = words[2:]
			}
			if len(words) > 0 {
				into[words[0]] = true
			}
		}
	}
	for _, verb := range strings.Fields(`register freeze product deposit chargeback topup withdraw report
		release apply approve decline publish bid cancel-tender review disburse cancel-funding end-day
		repay payoff writeoff reverse identify limit exclude dormant reactivate close receive assign return`) {
		if !done[verb] || !refused[verb] {
			t.Errorf("%s: done %t, refused %t", verb, done[verb], refused[verb])
		}
	}
}

func stories(t testing.TB) (texts []string) {
	files, err := filepath.Glob("testdata/stories/*.txt")
	if err != nil || len(files) < 12 {
		t.Fatalf("%d stories: %v", len(files), err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, string(text))
	}
	return texts
}

const deposit = "register person bob\ndeposit bob 10.00\n> D1\n"

// What goes wrong in a story is found, with its line.
func TestPlayStoryCatches(t *testing.T) {
	for name, tc := range map[string]struct{ text, want string }{
		"true": {deposit + "show wallet bob\n> CNY free 10.00, held 0.00, owed 0.00\n", ""},
		"prefixes": {deposit + "until 2026-01-31: key k: as bank/custodian: deposit bob 1.00\n> D2\n",
			""},
		"a refusal":            {"deposit bob 10.00\n", `1: deposit bob 10.00: refusal "not-found", expected ""`},
		"another refusal":      {"expect bid: deposit bob 10.00\n", `refusal "not-found", expected "bid"`},
		"no refusal":           {"expect exists: register person bob\n", `expected "exists"`},
		"no command":           {deposit + "dance bob\n", `4: lendingtest: bad line: no command "dance"`},
		"no command at all":    {"expect bid:\n", "bad line"},
		"too few words":        {"deposit bob\n", "bad line"},
		"too many words":       {"deposit bob 1.00 today\n", "bad line"},
		"a bad amount":         {"deposit bob 1.005\n", "bad line"},
		"a bad currency":       {"deposit bob CN:1.00\n", "bad line"},
		"a bad date":           {"day 2026-02-30\n", "bad line"},
		"a bad role":           {"as bob/king: deposit bob 1.00\n", "bad line"},
		"a bad prefix":         {"perhaps now: deposit bob 1.00\n", "bad line"},
		"a bad kind":           {"register dog bob\n", "bad line"},
		"a bad rate":           {"approve L1 7.2\n", "bad line"},
		"a bad product word":   {"product p CNY colour red\n", "bad line"},
		"a product cut off":    {"product p CNY open\n", "bad line"},
		"a bad fee word":       {"product p CNY late-fee 1% colour red\n", "bad line"},
		"a fee too fine":       {"product p CNY late-fee 0.00001%\n", "bad line"},
		"a bad bank":           {"bank dance\n", "bad line"},
		"a bank without value": {"bank delay\n", "bad line"},
		"a bank too patient":   {"bank delay 1000000\n", "bad line"},
		"a bad show":           {"show wallet\n", "bad line"},
		"a bad report":         {"report W1 perhaps 1.00\n", "bad line"},
	} {
		t.Run(name, func(t *testing.T) {
			played, err := lendingtest.PlayStory(tc.text)
			if tc.want == "" && (err != nil || played != tc.text) {
				t.Errorf("%v, played\n%s", err, played)
			}
			if tc.want != "" && (err == nil || !strings.Contains(err.Error(), tc.want)) {
				t.Errorf("error %v, want %s", err, tc.want)
			}
		})
	}
	played, err := lendingtest.PlayStory(strings.Replace(deposit, "D1", "D7", 1))
	if err != nil || played != deposit {
		t.Errorf("%v, played\n%s", err, played)
	}
}

// A platform that breaks a promise fails whatever story is played on it.
func TestWorldCatches(t *testing.T) {
	play := func(w *lendingtest.World, text string) error {
		for _, line := range strings.Split(text, "\n") {
			if _, err := w.Do(line); err != nil {
				return err
			}
		}
		return w.Check()
	}
	const text = "register person bob\ndeposit bob 10.00\nwithdraw bob 4.00\ndeliver"
	for name, wrap := range map[string]func(lendingtest.FullStore) lendingtest.FullStore{
		"none": nil,
		"forgets keys": func(s lendingtest.FullStore) lendingtest.FullStore {
			return &forgetful{FullStore: s}
		},
		"loses records": func(s lendingtest.FullStore) lendingtest.FullStore { return lossy{s} },
	} {
		store := lendingtest.FullStore(memory.NewStore())
		if wrap != nil {
			store = wrap(store)
		}
		w, err := lendingtest.NewWorld(store, memory.NewBank(), lending.Config{})
		if err != nil {
			t.Fatal(err)
		}
		if err := play(w, text); errors.Is(err, lending.ErrInvariant) != (wrap != nil) {
			t.Errorf("%s: %v", name, err)
		}
	}
	bank := memory.NewBank()
	w, err := lendingtest.NewWorld(memory.NewStore(), bank, lending.Config{})
	if err != nil {
		t.Fatal(err)
	}
	bank.Deposit(money.MustParse("CNY 0.01"))
	if err := play(w, text); !errors.Is(err, lending.ErrInvariant) {
		t.Errorf("a cent at the bank that is not in the books: %v", err)
	}
}

// lossy leaves all but the first record of a wallet out of the feed.
type lossy struct{ lendingtest.FullStore }

func (s lossy) Read(
	ctx context.Context, at event.Position, limit int,
) ([]event.Change, event.Position, error) {
	changes, next, err := s.FullStore.Read(ctx, at, limit)
	return slices.DeleteFunc(changes, func(c event.Change) bool {
		return c.Stream.Kind == "wallet" && c.At > 1
	}), next, err
}

// A plan whose sums pass the largest amount is a refusal: sending the same again cannot help.
func TestPlanOverflowIsRefused(t *testing.T) {
	const text = `register person ann
product big CNY method flat amount 1.00..1000000000000.00 periods 1..600 rate 0%..1000%
apply ann L1 big 1000000000000.00 600
approve L1 1000%
`
	if played, _ := lendingtest.PlayStory(text); strings.Contains(played, "refused unknown") {
		t.Errorf("the class of the refusal is %s:\n%s", lending.ClassUnknown, played)
	}
}

const bounced = `register person ann bob
product p CNY penalty 18.25%
deposit ann 5000.00
deposit bob 3000.00
apply ann L1 p 3000.00 3
approve L1 0%
publish L1
bid bob L1 3000.00
review L1
disburse L1
deliver
day 2026-03-10
repay ann L1 999.00
`

// A day-end between a payment and its reversal books what has accrued; it does not change what is
// owed in the end. Without it 1,000.00 were unpaid for 30 days at 0.05%: 15.00.
func TestDayEndBeforeReversalChangesNothing(t *testing.T) {
	for _, between := range []string{"", "day 2026-03-20\nend-day L1\n"} {
		text := bounced + between + "day 2026-03-30\nreverse L1 bounced\nshow quote L1\n"
		played, err := lendingtest.PlayStory(text)
		if err != nil || !strings.Contains(played, "> due CNY 1015.00,") {
			t.Errorf("%v, played\n%s", err, played[len(bounced):])
		}
	}
}

// A payment is not reversed before it was made.
func TestReversalBeforePaymentIsRefused(t *testing.T) {
	text := bounced + "day 2026-03-09\nexpect bad-date: reverse L1 bounced\n"
	played, err := lendingtest.PlayStory(text)
	if err != nil {
		t.Errorf("%v, played\n%s", err, played[len(bounced):])
	}
}

// Any lines that follow the beginning of a story are played to the end without a panic or a broken
// invariant, and say the same again.
func FuzzStory(f *testing.F) {
	for _, text := range stories(f) {
		for _, line := range strings.Split(text, "\n") {
			if line != "" && line[0] != '>' && line[0] != '#' {
				f.Add(line)
			}
		}
	}
	f.Fuzz(func(t *testing.T, lines string) {
		if len(lines) > 500 {
			return
		}
		played, err := lendingtest.PlayStory(bounced + lines)
		if errors.Is(err, lending.ErrInvariant) {
			t.Fatal(err)
		}
		if again, _ := lendingtest.PlayStory(played); again != played {
			t.Fatalf("played again:\n%s\nfirst:\n%s", again, played)
		}
	})
}

func ExamplePlayStory() {
	played, err := lendingtest.PlayStory(`
register person bob
deposit bob 6000.00
expect insufficient-funds: withdraw bob 6000.01
withdraw bob 1000.00
show wallet bob
`)
	fmt.Println(played, err)
	// Output:
	// register person bob
	// deposit bob 6000.00
	// > D1
	// expect insufficient-funds: withdraw bob 6000.01
	// > refused insufficient-funds: lending: wallet of bob: insufficient funds: asked for CNY 6000.01, has CNY 6000.00
	// withdraw bob 1000.00
	// > W1
	// show wallet bob
	// > CNY free 5000.00, held 0.00, owed 0.00
	//  <nil>
}
