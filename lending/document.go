package lending

import (
	"errors"
	"fmt"
	"slices"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
)

// Requirement is a line of a product's checklist: a document that has to be in the file.
type Requirement struct {
	Document Code
	Kind     PartyKind  // of the borrowers who need it; 0 for all
	Before   Checkpoint // which it has to be there, and at every later one
	// ValidDays is how many days after it came in the document counts; 0 for ever. A document that
	// has run out is missing again.
	ValidDays int
}

// maxAsked bounds the documents that are asked for besides a product's, over a file's life.
const maxAsked = 32

func (r *Requirement) code(c *event.Codec) {
	event.Text(c, &r.Document)
	event.Enum(c, &r.Kind)
	event.Enum(c, &r.Before)
	c.Count(&r.ValidDays)
}

func checkRequirements(rs []Requirement) error {
	if len(rs) > maxNames {
		return &Error{ErrTerms, "documents", fmt.Sprintf("are %d, at most %d", len(rs), maxNames)}
	}
	var errs []error
	for i, r := range rs {
		thing := "document " + string(r.Document)
		errs = append(errs, checkID("document", r.Document))
		if r.Kind > Vehicle || r.Before < BeforeApproval || r.Before > BeforeDisbursement ||
			r.ValidDays < 0 || r.ValidDays > maxDays {
			errs = append(errs, &Error{ErrTerms, thing, "is out of bounds"})
		}
		if slices.ContainsFunc(rs[:i], func(q Requirement) bool {
			return q.Document == r.Document && (q.Kind == r.Kind || q.Kind == 0 || r.Kind == 0)
		}) {
			errs = append(errs, &Error{ErrTerms, thing, "is asked for twice of one kind of party"})
		}
	}
	return errors.Join(errs...)
}

// Document is the newest of its name in a file. The host keeps the document itself.
type Document struct {
	Document Code
	Hash     event.Hash // SHA-256 of it; zero if waived
	By       ActorID
	On       civil.Date
	Waived   Code // reason for which it need not be there; empty if it is
}

func (d *Document) code(c *event.Codec) {
	event.Text(c, &d.Document)
	c.Hash(&d.Hash)
	event.Text(c, &d.By)
	c.Date(&d.On)
	event.Text(c, &d.Waived)
}

// put puts a document into the file, in the place of an earlier one of its name.
func (f *Dossier) put(d Document) {
	for i := range f.Documents {
		if f.Documents[i].Document == d.Document {
			f.Documents[i] = d
			return
		}
	}
	f.Documents = append(f.Documents, d)
}

// ask takes documents out of the file, to be filed anew, and adds them to what is asked for.
func (f *Dossier) ask(documents []Code) {
	var kept []Document
	for _, d := range f.Documents {
		if !slices.Contains(documents, d.Document) {
			kept = append(kept, d)
		}
	}
	f.Documents = kept
	for _, d := range documents {
		if !slices.Contains(f.Asked, d) {
			f.Asked = append(f.Asked, d)
		}
	}
}

// has reports whether a document is in the file and counts on a date.
func (f *Dossier) has(document Code, validDays int, on civil.Date) bool {
	for _, d := range f.Documents {
		if d.Document == document {
			last := d.On.AddDays(validDays)
			return d.Waived != "" || validDays == 0 || last.IsZero() || !on.After(last)
		}
	}
	return false
}

// required lists what the borrower's file has to hold, whatever the moment. What an analyst or a
// stage of the workflow asks for without the product's checklist is for approval.
func (l *Loan) required() (rs []Requirement) {
	for _, r := range l.Product.Documents {
		if r.Kind == 0 || r.Kind == l.Dossier.Kind {
			rs = append(rs, r)
		}
	}
	return rs
}

// validDays is how long a document counts by the checklist, 0 for ever.
func (l *Loan) validDays(document Code) int {
	for _, r := range l.required() {
		if r.Document == document {
			return r.ValidDays
		}
	}
	return 0
}

// wants reports whether somebody asks for a document.
func (l *Loan) wants(document Code) bool {
	return slices.Contains(l.Dossier.Asked, document) || l.Product.Workflow.wants(document) ||
		slices.ContainsFunc(l.required(), func(r Requirement) bool { return r.Document == document })
}

// Missing lists the documents that have to be in the file at a checkpoint and are not, or have run
// out by the date: those of the checkpoint and of every earlier one, in the order in which they are
// asked for (资料缺失清单).
func (l *Loan) Missing(at Checkpoint, on civil.Date) (missing []Code) {
	for _, r := range l.required() {
		if r.Before <= at && !l.Dossier.has(r.Document, r.ValidDays, on) {
			missing = append(missing, r.Document)
		}
	}
	for _, d := range l.Dossier.Asked {
		if !l.Dossier.has(d, l.validDays(d), on) && !slices.Contains(missing, d) {
			missing = append(missing, d)
		}
	}
	return missing
}

// complete refuses a file that lacks documents with a [*FileError].
func (l *Loan) complete(at Checkpoint, on civil.Date) error {
	if missing := l.Missing(at, on); len(missing) > 0 {
		return &FileError{Loan: l.ID, Before: at.String(), Missing: missing}
	}
	return nil
}

// FileError names the documents that a file lacks. It unwraps to [ErrFileIncomplete].
type FileError struct {
	Loan    LoanID
	Before  string // a checkpoint's name, or "stage" and a stage's
	Missing []Code
}

// Error implements error.
func (e *FileError) Error() string {
	return fmt.Sprintf("lending: loan %s: %v: before %s needs %v",
		e.Loan, ErrFileIncomplete, e.Before, e.Missing)
}

// Unwrap returns ErrFileIncomplete.
func (e *FileError) Unwrap() error { return ErrFileIncomplete }

// SubmitDocument puts a document into a loan's file by the hash of what the host keeps (提交资料).
// The borrower does it, or one of the platform's people. A later one takes the earlier one's place.
// Given by a party, an analyst, an officer or the system.
type SubmitDocument struct {
	Loan     LoanID
	Document Code
	Hash     event.Hash // SHA-256
}

// DocumentFiled is the outcome of [SubmitDocument] and [WaiveDocument].
type DocumentFiled struct {
	Document Document
	Approver ActorID // of a waiver
}

// Type implements event.Of.
func (DocumentFiled) Type() string { return "document-filed" }

// Apply implements event.Of.
func (e DocumentFiled) Apply(l *Loan) { l.Dossier.put(e.Document) }

// Code implements event.Coder.
func (e *DocumentFiled) Code(c *event.Codec) {
	e.Document.code(c)
	event.Text(c, &e.Approver)
}

// gathering are the states in which a loan's file may still grow.
var gathering = []State{
	StateApplied, StateReturned, StateApproved, StateScheduled, StateOpen, StateOffered, StateFullyFunded,
	StateReviewed,
}

// Home implements Command.
func (c SubmitDocument) Home(Meta) event.Ref[Loan] { return LoanRef(c.Loan) }

// Allowed implements Command.
func (SubmitDocument) Allowed() []Role {
	return []Role{RoleParty, RoleAnalyst, RoleOfficer, RoleSystem}
}

// Decide implements Command. It refuses a document that nobody asks for.
func (c SubmitDocument) Decide(t *Tx, l *Loan) (DocumentFiled, error) {
	none := DocumentFiled{}
	if err := l.in(c.Loan, gathering...); err != nil {
		return none, err
	}
	err := errors.Join(t.self(l.Borrower), l.asks(c.Document), hashed("document", c.Hash))
	if err != nil {
		return none, err
	}
	return DocumentFiled{Document: Document{c.Document, c.Hash, t.Actor.ID, t.On, ""}}, nil
}

// asks refuses a document that nobody asks for.
func (l *Loan) asks(document Code) error {
	if err := checkID("document", document); err != nil {
		return err
	}
	if !l.wants(document) {
		return &Error{ErrUnknown, "document " + string(document),
			"is not asked for by loan " + string(l.ID)}
	}
	return nil
}

// hashed refuses a hash that was forgotten.
func hashed(what string, h event.Hash) error {
	if h == (event.Hash{}) {
		return &Error{ErrTerms, what, "has no hash"}
	}
	return nil
}

// WaiveDocument does without a document, for a reason. An officer has to approve. Given by an
// analyst or an officer.
type WaiveDocument struct {
	Loan     LoanID
	Document Code
	Reason   Code
}

// Home implements Command.
func (c WaiveDocument) Home(Meta) event.Ref[Loan] { return LoanRef(c.Loan) }

// Allowed implements Command.
func (WaiveDocument) Allowed() []Role { return []Role{RoleAnalyst, RoleOfficer} }

// Decide implements Command.
func (c WaiveDocument) Decide(t *Tx, l *Loan) (DocumentFiled, error) {
	none := DocumentFiled{}
	if err := l.in(c.Loan, gathering...); err != nil {
		return none, err
	}
	if err := errors.Join(t.waives(l, c.Reason), l.asks(c.Document)); err != nil {
		return none, err
	}
	d := Document{Document: c.Document, By: t.Actor.ID, On: t.On, Waived: c.Reason}
	return DocumentFiled{d, t.Approver.ID}, nil
}

// waives refuses a waiver without a reason, without a second person, or in one's own favour.
func (t *Tx) waives(l *Loan, reason Code) error {
	if PartyID(t.Approver.ID) == l.Borrower {
		return &Error{ErrActor, "approver " + string(t.Approver.ID),
			"is the borrower of loan " + string(l.ID)}
	}
	return errors.Join(t.second(), t.disinterested(l), checkID("reason", reason))
}
