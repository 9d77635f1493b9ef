package lending

import "strconv"

// Crowd makes a queue believe that n mandates are on.
func (q *Queue) Crowd(n int) {
	for i := range n {
		q.slots[MandateID(strconv.Itoa(i))] = 0
	}
}
