package lending

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/loanweave/loanweave/schedule/money"
)

// ChannelLine says what a sales channel brought and cost, in one currency (渠道获客报表).
type ChannelLine struct {
	Channel  Code
	Parties  int          // whose source is the channel, whatever the currency
	Loans    int          // applications of this currency whose source is the channel
	Referred int          // of the parties, those with a referrer
	Cost     money.Amount // acquisition cost booked
	Accrued  money.Amount // referral fees owed or paid
	Paid     money.Amount // of them, paid from the platform's own account
	Credited money.Amount // of them, arrived in referrers' wallets
}

// Channels reports on every channel that a campaign or a source names, by their codes. Cost and Paid
// together are what stands on the channel's expense account.
func (r *Reports) Channels(c money.Currency) []ChannelLine {
	type sums struct{ cost, accrued, paid, credited int64 }
	lines, totals := map[Code]*ChannelLine{}, map[Code]*sums{}
	for _, x := range r.records.campaigns {
		line, sum := entry(lines, x.Terms.Channel), entry(totals, x.Terms.Channel)
		if line.Channel = x.Terms.Channel; x.Terms.Currency == c {
			sum.cost += x.Cost
		}
	}
	for _, id := range r.records.sourced {
		a := r.records.sources[id]
		line, sum := entry(lines, a.Source.Channel), entry(totals, a.Source.Channel)
		line.Channel = a.Source.Channel
		if a.Loan != "" {
			if l := r.loans[a.Loan]; l != nil && l.Currency() == c {
				line.Loans++
			}
			continue
		}
		if line.Parties++; a.Source.Referrer != "" {
			line.Referred++
		}
		if a.Terms.Currency != c {
			continue
		}
		sum.accrued += a.Fee
		if a.Paid {
			sum.paid += a.Fee
		}
		if a.Credited {
			sum.credited += a.Fee
		}
	}
	out := make([]ChannelLine, 0, len(lines))
	for code, line := range lines {
		sum := entry(totals, code)
		line.Cost, line.Accrued = amount(sum.cost, c), amount(sum.accrued, c)
		line.Paid, line.Credited = amount(sum.paid, c), amount(sum.credited, c)
		out = append(out, *line)
	}
	slices.SortFunc(out, func(a, b ChannelLine) int { return cmp.Compare(a.Channel, b.Channel) })
	return out
}

// Acquisition returns how a party came and how far its referrer's fee is, nil if no source was
// recorded.
func (r *Reports) Acquisition(p PartyID) *Acquisition { return r.records.sources[SourceRef(p).ID] }

// ReferralsDue lists the fees that were earned and are not accrued, in the order in which the sources
// were recorded, each with the loan that was paid out first; of several on one day, the one applied
// for first.
func (r *Reports) ReferralsDue() (out []AccrueReferral) {
	pending := map[PartyID]*Acquisition{}
	for _, id := range r.records.sourced {
		if a := r.records.sources[id]; a.Loan == "" && a.Earned == "" && a.Terms.Referral != NoReferral {
			pending[a.Party] = a
		}
	}
	first := map[PartyID]*Loan{}
	see := func(p PartyID, l *Loan) {
		a := pending[p]
		if a == nil || a.feeFor(l) == 0 {
			return
		}
		if was := first[p]; was == nil || l.Started.Before(was.Started) {
			first[p] = l
		}
	}
	for _, id := range r.order {
		if len(pending) == 0 {
			return nil
		}
		l := r.loans[id]
		see(l.Borrower, l)
		for i := range l.Lots {
			see(l.Lots[i].Holder, l)
		}
	}
	for _, id := range r.records.sourced {
		if a := r.records.sources[id]; a.Loan == "" && first[a.Party] != nil {
			out = append(out, AccrueReferral{a.Party, first[a.Party].ID})
		}
	}
	return out
}

// AppendChannelsCSV appends lines as CSV by RFC 4180: a header and one record a channel, each ended by
// CR LF. Amounts are plain digits with all decimals of the currency. No field needs quotes.
func AppendChannelsCSV(dst []byte, lines []ChannelLine) []byte {
	dst = append(dst, "channel,parties,loans,referred,currency,cost,accrued,paid,credited\r\n"...)
	for _, l := range lines {
		dst = append(dst, l.Channel...)
		for _, n := range []int{l.Parties, l.Loans, l.Referred} {
			dst = strconv.AppendInt(append(dst, ','), int64(n), 10)
		}
		dst = append(append(dst, ','), l.Cost.Currency().Code()...)
		for _, a := range []money.Amount{l.Cost, l.Accrued, l.Paid, l.Credited} {
			dst = append(append(dst, ','), a.Text()...)
		}
		dst = append(dst, "\r\n"...)
	}
	return dst
}
