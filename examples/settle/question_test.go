package main

import "testing"

// Questions of every kind but fees, with answers worked by hand.
func TestAnswers(t *testing.T) {
	for _, tc := range []struct{ name, ask, want string }{
		{"the oldest instalment first",
			`"waterfall":{"order":"civil-code-561","debts":[{"instalment":0,"component":"principal","owed":50},` +
				`{"instalment":0,"component":"interest","owed":10},{"instalment":1,"component":"interest","owed":10}],"payment":65}`,
			`"waterfall":{"parts":[{"debt":2,"instalment":0,"component":"interest","paid":10},` +
				`{"debt":1,"instalment":0,"component":"principal","paid":50},{"debt":3,"instalment":1,"component":"interest","paid":5}],"rest":0}`},
		{"a bucket of all instalments before the next",
			`"waterfall":{"order":"costs-then-principal","debts":[{"instalment":0,"component":"interest","owed":10},` +
				`{"instalment":1,"component":"principal","owed":50}],"payment":55}`,
			`"waterfall":{"parts":[{"debt":2,"instalment":1,"component":"principal","paid":50},` +
				`{"debt":1,"instalment":0,"component":"interest","paid":5}],"rest":0}`},
		{"nothing is owed", `"waterfall":{"order":"twelve-buckets","debts":[],"payment":"JPY 7"}`, `"waterfall":{"parts":[],"rest":"JPY 7"}`},
		{"only the ratio of units counts", `"distribution":{"units":[600000,400000],"payments":[5,5]}`,
			`"distribution":{"shares":[[3,2],[3,2]],"paid":[6,4]}`},
		{"the lot that waits longest is next", `"distribution":{"units":[1,1],"paid":[1,0],"payments":[1]}`,
			`"distribution":{"shares":[[0,1]],"paid":[1,1]}`},
		{"a day at a rate of 36.5% is 0.1%", `"penalty":{"rate":"36.5% per year","round":"down","spans":[{"unpaid":"USD 10.00","days":1}]}`,
			`"penalty":{"minor_days":1000,"penalty":"USD 0.01"}`},
		{"one cent lost", `"check":{"distribution":{"claims":[1,1],"payments":[1],"shares":[[0,0]]}}`,
			`"check":{"holds":false,"invariant":"shares-sum","where":"payment 0 of 1 gives 0"}`},
		{"more than is held", `"check":{"distribution":{"claims":[5,5],"payments":[11],"shares":[[6,5]]}}`,
			`"check":{"holds":false,"invariant":"shares-sum","where":"payment 0 of 11 is more than all lots still hold: 10"}`},
		{"out of order", `"check":{"waterfall":{"owed":[5,5],"payment":5,"paid":[0,5],"rest":0}}`,
			`"check":{"holds":false,"invariant":"parts-order","where":"debt 1 is paid while debt 0 is open"}`},
		{"books agree", `"check":{"conservation":{"postings":[{"entry":1,"book":"b","account":"x","debit":3},{"entry":1,"book":"b","account":"y","debit":-3}]}}`,
			`"check":{"holds":true}`},
	} {
		text, _ := answerLine(9, []byte(`{`+tc.ask+`}`), false)
		if want := `{"line":9,` + tc.want + `}`; string(text) != want {
			t.Errorf("%s:\n got %s\nwant %s", tc.name, text, want)
		}
	}
}

// A bad value is named by its whole path, whatever the question, with what is wanted there.
func TestFaultsHavePaths(t *testing.T) {
	const debts = `"waterfall":{"order":"civil-code-561","payment":1,"debts":[{"instalment":0,"component":"interest","owed":1},`
	for _, tc := range []struct{ ask, field, problem string }{
		{debts + `{"instalment":0,"component":"interest","owed":-1}]}`, "waterfall.debts[1].owed", "must not be below zero"},
		{debts + `{"instalment":0,"component":"interest","owed":"USD 1.00"}]}`, "waterfall.debts[1].owed",
			"must be in the form and currency of the other figures: minor units, without a currency"},
		{debts + `{"instalment":-1,"component":"interest","owed":1}]}`, "waterfall.debts[1].instalment", "must not be below zero"},
		{debts + `{"instalment":0,"component":"interest","fee":"late","owed":1}]}`, "waterfall.debts[1].fee",
			"must not be there: only fees and costs have one"},
		{debts + `{"instalment":0,"component":"interest","age":"old","owed":1}]}`, "waterfall.debts[1].age",
			`"old" is none of past-due, due, in-advance`},
		{debts + `{"instalment":0,"component":"interest"}]}`, "waterfall.debts[1].owed", "is missing"},
		{`"waterfall":{"buckets":[{"component":"fees","fee":7}],"debts":[],"payment":1}`, "waterfall.buckets[0].fee",
			"must be a text, not a JSON number"},
		{`"waterfall":{"order":"civil-code-561","debts":[],"payment":"CNY 1.001"}`, "waterfall.payment",
			`money: bad amount "CNY 1.001": more decimals than CNY has`},
		{`"distribution":{"units":[1,-1],"payments":[1]}`, "distribution.units[1]", "must not be below zero"},
		{`"distribution":{"units":[1,1],"payments":[1,"x"]}`, "distribution.payments[1]", `money: bad amount "x": want a code, one space and a number`},
		{`"distribution":{"units":[1,1],"paid":[9,0],"payments":[1]}`, "distribution.paid", "lot 0: paid is above the ceiling of its share"},
		{`"penalty":{"rate":"1% per year","round":"down","spans":[{"unpaid":1,"days":1},{"unpaid":1,"days":"2"}]}`,
			"penalty.spans[1].days", "must be a whole number, not a JSON string"},
		{`"penalty":{"rate":"1% per year","round":"down","spans":[{"unpaid":1,"days":1},{"unpaid":-1,"days":1}]}`,
			"penalty.spans[1].unpaid", "must not be below zero"},
		{`"check":{"distribution":{"claims":[1],"payments":[1],"shares":[[0],[{}]]}}`, "check.distribution.shares[1][0]",
			`must be an amount, "CNY 100.00", or a whole number of minor units`},
		{`"check":{"distribution":{"claims":[1],"payments":[1],"shares":[["USD 1.00"]]}}`, "check.distribution.shares[0][0]",
			"must be in the form and currency of the other figures: minor units, without a currency"},
		{`"check":{"conservation":{"postings":[{"entry":"1","book":"b","account":"a","debit":1}]}}`, "check.conservation.postings[0].entry",
			"must be a whole number, not a JSON string"},
	} {
		r := answered(t, []byte(`{`+tc.ask+`}`))
		if len(r.Errors) != 1 || r.Line != 1 || r.Errors[0].Field != tc.field || r.Errors[0].Problem != tc.problem {
			t.Errorf("%s:\n got %v\nwant [%s %s]", tc.ask, r.Errors, tc.field, tc.problem)
		}
	}
}
