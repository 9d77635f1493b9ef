package schedule

// AppendMarkdown appends the plan as a table of GitHub's Markdown, with the lines and columns of
// AppendTable and the totals in bold.
func (p Plan) AppendMarkdown(dst []byte) []byte {
	lines := p.cells()
	for i, line := range lines {
		total := i > 0 && i == len(lines)-1
		for _, cell := range line {
			if total && cell != "" {
				cell = "**" + cell + "**"
			}
			dst = append(append(append(dst, "| "...), cell...), ' ')
		}
		dst = append(dst, "|\n"...)
		if i == 0 {
			dst = appendAlignments(dst, len(line))
		}
	}
	return dst
}

// appendAlignments appends the line under the headings: dates to the left, numbers to the right.
func appendAlignments(dst []byte, columns int) []byte {
	for k := range columns {
		if k == dueColumn {
			dst = append(dst, "| :-- "...)
			continue
		}
		dst = append(dst, "| --: "...)
	}
	return append(dst, "|\n"...)
}
