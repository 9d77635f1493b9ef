package lending

// Takes is what a book's rules say of an offer.
func (b *OfferBook) Takes(c PlaceOffer) error { return b.takes(&c) }
