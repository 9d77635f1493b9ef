package event

// Locked returns the number of streams that are locked or waited for.
func Locked(g *Engine) int {
	g.locks.mu.Lock()
	defer g.locks.mu.Unlock()
	return len(g.locks.at)
}
