package main

func Example() {
	main()
	// Output:
	// bob lent CNY 6000.00, got CNY 6000.00 back and CNY 236.57 interest
	// eve lent CNY 4000.00, got CNY 4000.00 back and CNY 157.71 interest
	// loan is closed - books agree: true
}
