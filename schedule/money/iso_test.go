package money

import (
	"slices"
	"strings"
	"testing"
)

// The lists are searched by halves: each must be in order, without a code twice, and every code in
// it must be found with its digits.
func TestISOListsAreInOrder(t *testing.T) {
	all := map[string]int{}
	for digits, list := range map[int]string{0: iso0, 2: iso2, 3: iso3, 4: iso4} {
		codes := strings.Split(list, " ")
		if !slices.IsSorted(codes) {
			t.Errorf("codes of %d digits are not in order", digits)
		}
		for _, code := range codes {
			if _, twice := all[code]; twice || !isCode(code) {
				t.Errorf("%q stands twice or is no code", code)
			}
			all[code] = digits
		}
	}
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			for c := 'A'; c <= 'Z'; c++ {
				code := string([]rune{a, b, c})
				got, ok := isoDigits(code)
				if want, known := all[code]; ok != known || ok && got != want {
					t.Errorf("%s: %d %t, want %d %t", code, got, ok, want, known)
				}
			}
		}
	}
}
