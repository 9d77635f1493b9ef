package risk

import (
	"fmt"
	"sort"
)

// maxBands bounds a table.
const maxBands = 64

// Band is the part of a [Table] from a number of days past due to the next band.
type Band struct {
	From  int    // days past due, 0 for a loan that is not
	Class string // its name as the source has it
}

// Table classes loans by days past due (贷款分类). [NewTable] makes one.
type Table struct {
	name, source string
	bands        []Band
}

// NewTable makes a table of bands. The first begins at 0, each later one after the one before it;
// names are not empty. Anything else is an ErrTable that says which band is wrong.
func NewTable(name, source string, bands ...Band) (Table, error) {
	if name == "" || len(bands) == 0 || len(bands) > maxBands {
		return Table{}, refuse(ErrTable, "%q has %d bands, want a name and 1 to %d", name, len(bands), maxBands)
	}
	for i, b := range bands {
		switch {
		case b.Class == "":
			return Table{}, refuse(ErrTable, "band %d of %s has no name", i, name)
		case i == 0 && b.From != 0:
			return Table{}, refuse(ErrTable, "%s begins at %d days, want 0", name, b.From)
		case i > 0 && b.From <= bands[i-1].From:
			return Table{}, refuse(ErrTable, "band %q of %s begins at %d days, not after the one before it",
				b.Class, name, b.From)
		}
	}
	return Table{name, source, append([]Band(nil), bands...)}, nil
}

// mustTable is NewTable of a table that is written in this package.
func mustTable(name, source string, bands ...Band) Table {
	t, err := NewTable(name, source, bands...)
	if err != nil {
		panic(err)
	}
	return t
}

// Name returns the table's name.
func (t Table) Name() string { return t.name }

// Source returns where the table comes from.
func (t Table) Source() string { return t.source }

// Bands returns the bands, the best first.
func (t Table) Bands() []Band { return append([]Band(nil), t.bands...) }

// Index returns the place of the band of a number of days past due, from 0 for the best. Days below
// zero count as none. The zero table gives -1.
func (t Table) Index(days int) int {
	return sort.Search(len(t.bands), func(i int) bool { return t.bands[i].From > max(days, 0) }) - 1
}

// At returns the class of a number of days past due, empty for the zero table.
func (t Table) At(days int) string {
	if i := t.Index(days); i >= 0 {
		return t.bands[i].Class
	}
	return ""
}

// Worse returns the worse of what days past due say and a class that other evidence says: a table
// of days is a floor (only backstops of a rule that looks at more). A class that is not in the
// table is an ErrTable.
func (t Table) Worse(days int, class string) (string, error) {
	for i, b := range t.bands {
		if b.Class == class {
			return t.bands[max(i, t.Index(days))].Class, nil
		}
	}
	return "", refuse(ErrTable, "%s has no class %q", t.name, class)
}

// String returns the table in one line, as in "ffiec-closed-end: 0 pass, 90 substandard".
func (t Table) String() string {
	s := t.name + ":"
	for i, b := range t.bands {
		if i > 0 {
			s += ","
		}
		s += fmt.Sprintf(" %d %s", b.From, b.Class)
	}
	return s
}
