module github.com/loanweave/loanweave/examples/schedulebench

go 1.25.0

replace github.com/loanweave/loanweave => ../..

require (
	github.com/govalues/decimal v0.1.36
	github.com/loanweave/loanweave v0.0.0
	github.com/shopspring/decimal v1.6.0
)
