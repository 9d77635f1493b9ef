package civil_test

import (
	"fmt"

	"github.com/loanweave/loanweave/schedule/civil"
)

func Example() {
	start := civil.MustParse("2024-01-31")
	due := start.AddMonths(1)
	next := due.AddMonthsOn(1, start.Day())
	fmt.Println(due, next, next.Sub(start))
	// Output: 2024-02-29 2024-03-31 60
}

func ExampleParse() {
	fmt.Println(civil.Parse("2024-02-29"))
	_, err := civil.Parse("2023-02-29")
	fmt.Println(err)
	// Output:
	// 2024-02-29 <nil>
	// civil: bad date "2023-02-29": no such day
}

func ExampleRange() {
	may := civil.Range{From: civil.MustParse("2024-05-01"), To: civil.MustParse("2024-06-01")}
	fmt.Println(may, may.Days(), may.Contains(may.From), may.Contains(may.To))
	// Output: [2024-05-01, 2024-06-01) 31 true false
}
