package lending

// Fence keeps the money of a party together for what it is for (破产隔离): that of a provision fund, of the
// vehicle of a package. What a fenced party may not do, no role and no officer can have it do: its money
// leaves by the commands of the part that fences it. Every desk asks the fences of its parts in [Tx.May].
type Fence interface {
	// Fenced reports whether a party is kept from an act. Like every slot it is pure over the Tx.
	Fenced(t *Tx, p PartyID, a Act) (bool, error)
}

// unfenced refuses a party that a part keeps from an act.
func (t *Tx) unfenced(id PartyID, a Act) error {
	for _, p := range t.desk.cfg.Parts {
		for _, f := range p.Fences {
			switch fenced, err := f.Fenced(t, id, a); {
			case err != nil:
				return err
			case fenced:
				return &Error{ErrFenced, "party " + string(id), "may not " + a.String() + ": its money goes by its own rules"}
			}
		}
	}
	return nil
}
