package loanweave_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// What the table of business models names as its proof is there.
func TestTableOfModelsNamesWhatIsThere(t *testing.T) {
	doc, err := os.ReadFile("examples/doc.go")
	require.NoError(t, err)
	for n := range 12 {
		require.Contains(t, string(doc), fmt.Sprintf("//\tM%d ", n+1))
	}
	tests := regexp.MustCompile(`([a-z/]+)\.(Test\w+)`).FindAllStringSubmatch(string(doc), -1)
	require.Greater(t, len(tests), 20)
	for _, m := range tests {
		require.True(t, hasTest(t, m[1], m[2]), "%s has no %s", m[1], m[2])
	}
	for _, m := range regexp.MustCompile(`(examples/[a-z]+)[, \n]`).FindAllStringSubmatch(string(doc), -1) {
		require.FileExists(t, filepath.Join(m[1], "main.go"))
	}
}

func hasTest(t *testing.T, dir, name string) bool {
	files, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
	require.NoError(t, err)
	for _, f := range files {
		src, err := os.ReadFile(f)
		require.NoError(t, err)
		if strings.Contains(string(src), "\nfunc "+name+"(") {
			return true
		}
	}
	return false
}
