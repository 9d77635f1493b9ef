package transfer

// Relation is what a fronting lender is to the platform (关联关系).
type Relation uint8

// Relations.
const (
	Independent Relation = iota + 1 // 独立第三人
	Connected                       // a person connected with the platform (关联人)
	OwnBook                         // the platform itself, from its own book (平台自有资金)
)

var relationNames = [...]string{"", "independent", "connected", "own-book"}

// String returns the relation's name.
func (r Relation) String() string {
	if !r.valid() {
		return "relation unknown"
	}
	return relationNames[r]
}

// Related reports whether what the lender fronts has to be shown as a related party's.
func (r Relation) Related() bool { return r != Independent }

func (r Relation) valid() bool { return r >= Independent && r <= OwnBook }
