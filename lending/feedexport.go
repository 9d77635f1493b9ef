package lending

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"

	"github.com/loanweave/loanweave/lending/event"
)

// FeedLine is one line of [Desk.Export]: what happened, where it stands, and the command behind it.
type FeedLine struct {
	Stream  event.Stream
	Version event.Version // on the stream, from 1
	Type    string        // of the event: "repaid"; "~entry" for an entry of the books, "~accepted" for a warning
	Event   any           `json:",omitempty"` // its fields; none where this package does not know them
	Data    []byte        `json:",omitempty"` // the record itself then
	Hash    event.Hash    // of the stream's chain up to it
	Key     string        // of the command
	Order   Order         // when it was given, by whom, and who approved
}

// Export writes everything there is as JSON Lines, one [FeedLine] each, oldest first on each stream: all
// events, all entries, and with each the command behind it, from the position after, zero for the start.
// It returns the position to continue from and the number of lines. Fields have the names of the Go types;
// dates, amounts, rates and states are texts, other figures minor units. What is written has no names,
// documents or addresses: there are none.
//
// After an error lines may have been written that the position does not count: cut what was written to its
// number of lines, or begin anew. Errors are those of [Desk.Follow] and of the writer.
func (d *Desk) Export(ctx context.Context, w io.Writer, after event.Position) (event.Position, int, error) {
	out := bufio.NewWriterSize(w, 1<<16)
	lines := json.NewEncoder(out)
	lines.SetEscapeHTML(false)
	for at, n := after, 0; ; {
		hs, next, err := d.Follow(ctx, at, 1000)
		if err != nil {
			return at, n, err
		}
		for i := range hs {
			h := &hs[i]
			l := FeedLine{h.Stream, h.Version, h.Record.Type, h.Event, nil, h.Record.Hash, h.Key, h.Order}
			if h.Event == nil {
				l.Data = h.Record.Data
			}
			if err := lines.Encode(l); err != nil {
				return at, n, fmt.Errorf("export %s at %d: %w", h.Stream, h.Version, err)
			}
		}
		if err := out.Flush(); err != nil {
			return at, n, err
		}
		if at, n = next, n+len(hs); len(hs) == 0 {
			return at, n, nil
		}
	}
}
