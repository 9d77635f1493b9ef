package event

import (
	"bytes"
	"crypto/sha256"
)

// maxType is how long a type can be for its length to fit the chain's one byte.
const maxType = 255

// Root is the hash from which a stream's chain starts: SHA-256 over its name, so that one stream
// cannot stand in for another.
func Root(s Stream) Hash { return sha256.Sum256([]byte(s.String())) }

// Chain returns the hash of a record that follows a record with hash prev: SHA-256 over prev, the
// length of the type as one byte, the type and the data.
func Chain(prev Hash, typ string, data []byte) Hash {
	var room [256]byte
	b := append(room[:0], prev[:]...)
	b = append(b, byte(len(typ)))
	b = append(b, typ...)
	b = append(b, data...)
	return sha256.Sum256(b)
}

// Verify checks that the records of a slice, loaded after a record of version after and hash
// prev, are exactly what was written: dense up to the head, each hash chained to the one before.
// From version 0 the chain starts at the stream's [Root], whatever prev is. The error is a
// [*CorruptError].
func Verify(s Stream, after Version, prev Hash, sl Slice) error {
	if after == 0 && sl.Head > 0 {
		prev = Root(s)
	}
	if sl.Head != after+Version(len(sl.Records)) {
		return &CorruptError{s, after + Version(len(sl.Records)), "records do not reach the head"}
	}
	for i, r := range sl.Records {
		if len(r.Type) > maxType {
			return &CorruptError{s, after + Version(i) + 1, "type too long"}
		}
		if prev = Chain(prev, r.Type, r.Data); prev != r.Hash {
			return &CorruptError{s, after + Version(i) + 1, "hash does not match"}
		}
	}
	if prev != sl.Hash {
		return &CorruptError{s, sl.Head, "head hash does not match"}
	}
	return nil
}

// seal puts a sum over a snapshot's state and the record it stands on in front of the state.
func seal(at Hash, state []byte) []byte {
	sum := Chain(at, "~snapshot", state)
	return append(sum[:], state...)
}

// unseal returns the state of a snapshot, nil when it is not what was sealed.
func unseal(snap Snapshot) []byte {
	if len(snap.Data) < len(snap.Hash) {
		return nil
	}
	state := snap.Data[len(snap.Hash):]
	if !bytes.Equal(snap.Data, seal(snap.Hash, state)) {
		return nil
	}
	return state
}
