package lending

import "strconv"

// Mechanism is how a tender is cleared: which offers are taken, and at what rate. The zero value is
// unset and refused.
type Mechanism uint8

// The mechanisms, by their names in the trade. Their texts are first-come, pro-rata,
// uniform-marginal, uniform-rejected, pay-as-bid, open-auction and market-rate.
//
// Under each of them no lender is paid less than the rate he named and the borrower pays at most
// the reserve rate. An offer above the reserve is not eligible. The last eligible offer to be taken
// is cut to what is still wanted.
const (
	// FirstCome has a fixed rate, the reserve. Offers are taken in the order of arrival and later
	// ones displace nobody (固定利率，先到先得). Funding Circle lent so from 28 September 2015.
	FirstCome Mechanism = iota + 1
	// ProRata has a fixed rate, the reserve. When more is offered than is wanted, every offer is
	// scaled down alike (按比例配售, proportionate allotment); see [TenderRules] for its minimum and
	// its steps.
	ProRata
	// UniformMarginal takes the offers with the lowest rates, and pays all of them the rate of the
	// last that was taken: the sealed-bid uniform-price auction, in securities the single-price or
	// Dutch auction (统一价位招标, 荷兰式招标). Prosper's listings to 19 December 2010.
	UniformMarginal
	// UniformRejected takes the same offers, and pays the rate of the first unit that was not taken:
	// that of the last offer taken if it was cut, else of the next one. Where nothing eligible was
	// left over, also because less was offered than is wanted, it is the reserve. A unit above its
	// lender's share is no unit that was left over. It is the procurement form of the
	// highest-rejected-bid auction, the many-unit relative of Vickrey's: what a lender with one unit
	// names decides whether he lends, never at what rate.
	UniformRejected
	// PayAsBid takes the same offers, and pays each its own rate; the borrower pays the average by
	// units: the discriminatory or multiple-price auction (多重价位招标, 美国式招标). Funding Circle to 2015.
	PayAsBid
	// OpenAuction takes offers as they arrive, shows who is in, and lets a better offer displace the
	// worst that stand, down to the deadline: the open reverse auction (公开竞标, 反向拍卖). What
	// stands at the end is paid its own rate. [Auction] is the same one offer at a time.
	OpenAuction
	// MarketRate fills a borrower's wish from the lenders' standing offers for its term, each at its
	// own rate; the borrower pays the average by units, which is the rate of the trade (市场利率撮合).
	// RateSetter's markets. [OrderBook] keeps such offers; over plain rows it is PayAsBid.
	MarketRate
)

// mechanismNames holds the text of each mechanism at its number; number 0 is unset.
var mechanismNames = [...]string{
	"", "first-come", "pro-rata", "uniform-marginal", "uniform-rejected", "pay-as-bid", "open-auction", "market-rate",
}

// IsValid reports whether m is one of the mechanisms above.
func (m Mechanism) IsValid() bool { return FirstCome <= m && m <= MarketRate }

// FixedRate reports whether every lender gets the reserve rate and only the time of an offer counts.
func (m Mechanism) FixedRate() bool { return m == FirstCome || m == ProRata }

// OwnRates reports whether every lender gets the rate that he named.
func (m Mechanism) OwnRates() bool { return PayAsBid <= m && m <= MarketRate }

// String returns the mechanism's name.
func (m Mechanism) String() string { return nameOf(mechanismNames[:], m, "mechanism") }

// MarshalText returns the name. A value that is no mechanism is an [ErrTerms].
func (m Mechanism) MarshalText() ([]byte, error) {
	if !m.IsValid() {
		return nil, &Error{ErrTerms, "mechanism " + strconv.Itoa(int(m)), "has no name"}
	}
	return []byte(m.String()), nil
}

// UnmarshalText reads a name. Any other text is an [ErrTerms] and leaves m as it was.
func (m *Mechanism) UnmarshalText(text []byte) error {
	return readName(m, mechanismNames[:], text, "mechanism")
}
