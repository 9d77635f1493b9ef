package schedule

import (
	"strconv"
	"strings"
)

// The enums of this package are numbered from 1 in the order of a constant list of words. These
// helpers turn a number into its word and back; kind is the type's name in an error.

// wordOf gives the i-th word, counted from 1, or kind(i) when there is none.
func wordOf(kind, words string, i uint8) string {
	if !isWord(words, i) {
		return kind + "(" + strconv.Itoa(int(i)) + ")"
	}
	return strings.Fields(words)[i-1]
}

// oneOf lists words in a sentence.
func oneOf(words string) string {
	list := strings.Fields(words)
	last := len(list) - 1
	return strings.Join(list[:last], ", ") + " or " + list[last]
}

// isWord reports whether i numbers a word, counted from 1.
func isWord(words string, i uint8) bool {
	return i >= 1 && int(i) <= strings.Count(words, " ")+1
}

// marshalWord gives the i-th word as text and refuses a number that has none.
func marshalWord(kind, words string, i uint8) ([]byte, error) {
	if !isWord(words, i) {
		return nil, newSyntaxError(kind, strconv.Itoa(int(i)), oneOf(words))
	}
	return []byte(wordOf(kind, words, i)), nil
}

// unmarshalWord sets *e to the number of the word that text is, and only then.
func unmarshalWord[E ~uint8](e *E, kind, words string, text []byte) error {
	for i, word := range strings.Fields(words) {
		if word == string(text) {
			*e = E(i + 1)
			return nil
		}
	}
	return newSyntaxError(kind, string(text), oneOf(words))
}
