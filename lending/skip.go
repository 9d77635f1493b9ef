package lending

// Skip says why a mandate got nothing at its turn. The first reason that holds, in the order of the
// constants up to SkipBorrowed, is given; of the limits on the amount the tightest one, and of
// equal ones the first.
type Skip uint8

// Reasons.
const (
	SkipAmount   Skip = iota + 1 // the loan's amount is out of the filter's range
	SkipRate                     // its rate is, or is of another basis
	SkipTerm                     // its term is
	SkipGrade                    // its grade is not among those named
	SkipProduct                  // its product is not
	SkipCover                    // no cover, or none of those named, stands behind it
	SkipOwn                      // the lender is the borrower
	SkipDates                    // the mandate does not run on the day
	SkipOnce                     // the lender has a bid on this listing already
	SkipBarred                   // the lender may not bid at present
	SkipDebtor                   // the lender owes on a loan of the platform
	SkipBorrowed                 // money in his wallet came from a loan

	SkipSize        // the mandate's largest bid is too small for the tender
	SkipRoom        // too little is still wanted, or may still be bid for automatically
	SkipShare       // a share of the loan, the mandate's, the market's or the tender's, is too small
	SkipFunds       // too little is free above what is retained
	SkipBorrowerCap // the cap on one borrower is reached
	SkipGradeCap    // the cap on the grade is
	SkipTotalCap    // the cap on all loans is
	SkipSpread      // spread over so many loans, the lender's money gives too little for one

	SkipRefused // the bid was refused where it was placed, see Call.Place
)

var skipNames = [...]string{"", "amount", "rate", "term", "grade", "product", "cover", "own-loan", "dates",
	"once", "barred", "debtor", "borrowed-money", "size", "room", "share", "funds", "borrower-cap", "grade-cap",
	"total-cap", "spread", "refused"}

// String returns the reason's name.
func (s Skip) String() string { return nameOf(skipNames[:], s, "skip") }

// MarshalText returns the reason's name.
func (s Skip) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads a name. Any other text is an [ErrTerms] and leaves s as it was.
func (s *Skip) UnmarshalText(text []byte) error { return readName(s, skipNames[:], text, "skip") }
