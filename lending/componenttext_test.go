package lending_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
)

// Figures by component read back from JSON, under their names, whatever stands around them.
func TestComponentsJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var want, got lending.Components
		for c := range want[1:] {
			want[c+1] = rapid.SampledFrom([]int64{0, 1, -1, 1 << 62}).Draw(t, "figure")
		}
		text, err := json.Marshal(want)
		require.NoError(t, err)
		require.NoError(t, json.Unmarshal(text, &got))
		require.Equal(t, want, got)
		var figures map[string]int64
		require.NoError(t, json.Unmarshal(text, &figures))
		for name, n := range figures {
			var c lending.Component
			require.NoError(t, c.UnmarshalText([]byte(name)))
			require.Equal(t, want[c], n)
		}
	})
	got := lending.Components{0, 7}
	require.NoError(t, json.Unmarshal([]byte(" { \"interest\" : 12 ,\n\"principal\":3 } "), &got))
	require.Equal(t, lending.Components{0, 12, 3}, got)
	require.NoError(t, json.Unmarshal([]byte(`null`), &got))
	for _, bad := range []string{`[]`, `7`, `{"rent":1}`, `{"interest":1.5}`, `{"interest":"1"}`, `{"interest":null}`, `{"":1}`} {
		require.Error(t, json.Unmarshal([]byte(bad), &got), bad)
	}
	for _, bad := range []string{``, `{`, `}`, `{"interest":1`, `{interest:1}`, `{"interest"}`, `{"interest":1,,}`} {
		require.ErrorIs(t, got.UnmarshalJSON([]byte(bad)), lending.ErrTerms, bad)
	}
	require.Equal(t, lending.Components{0, 12, 3}, got, "as it was")
}
