package main

import "strings"

// The loans of a run without a tape: two dozen single figures that LendingClub published, typed in
// under the names of its columns. They were chosen for their outcomes, so their mix says nothing
// about the platform. Published zeros of loans of 2018 stand for columns that its file lacks.
const (
	figuresSource = "two dozen loans from LendingClub's published files of December 2015 and 2018 Q1"

	figuresHeader = "loan_amount,term,int_rate,installment,grade,issue_d,loan_status," +
		"total_rec_prncp,total_rec_int,total_rec_late_fee," +
		"recoveries,collection_recovery_fee,last_pymnt_d\n"

	// Issued in December 2015; as they stood in spring 2019.
	figures2015 = `
3600,36,13.99,123.03,C,Dec-2015,Fully Paid,3600,821.72,0,0,0,Jan-2019
8000,36,6.99,246.99,A,Dec-2015,Fully Paid,8000,890.66,0,0,0,Jan-2019
15000,36,12.88,504.55,C,Dec-2015,Fully Paid,15000,3136.65,0,0,0,Jan-2019
24700,36,11.99,820.28,C,Dec-2015,Fully Paid,24700,979.66,0,0,0,Jun-2016
24575,60,22.45,685.04,F,Dec-2015,Fully Paid,24575,10776.17,0,0,0,Apr-2018
20000,36,9.17,637.58,B,Dec-2015,Fully Paid,20000,2833.15,31.88,0,0,Jul-2018
16000,36,17.27,572.6,D,Dec-2015,Fully Paid,16000,4598.51,57.26,0,0,Feb-2019
35000,60,14.85,829.9,C,Dec-2015,Current,19102.35,12361.66,0,0,0,Feb-2019
16000,60,14.85,379.39,C,Dec-2015,Late (31-120 days),8306.06,5756.46,94.85,0,0,Mar-2019
18000,60,19.48,471.7,E,Dec-2015,Charged Off,3481.86,4351.98,0,1618.9,291.402,May-2017
20000,36,11.99,664.2,C,Dec-2015,Charged Off,12522.42,3417.2,33.21,1650,297,Jun-2018
11075,60,26.06,331.99,F,Dec-2015,Current,5317.39,7378.39,0,0,0,Mar-2019
30000,36,12.88,1009.09,C,Dec-2015,Fully Paid,30000,6273.37,0,0,0,Jan-2019
`

	// Issued in January 2018; as they stood in the middle of that year.
	figures2018 = `
10000,36,5.32,301.15,A,Jan-18,Current,1295.52,202.84,0,0,0,
8000,36,7.35,248.3,A,Jan-18,Current,1008.78,229.45,0,0,0,
7000,36,9.93,225.65,B,Jan-18,Current,852.62,271.77,0,0,0,
21600,60,13.59,498.02,C,Jan-18,Current,1296.02,1177.77,0,0,0,
35950,60,17.09,895.2,D,Jan-18,Current,1971.42,2470.45,0,0,0,
10000,36,7.97,313.23,A,Jan-18,Fully Paid,10000,220.62,0,0,0,
8800,36,10.42,285.69,B,Jan-18,Fully Paid,8800,268.32,0,0,0,
30000,60,26.3,903.55,E,Jan-18,Fully Paid,30000,1004.4,0,0,0,
15000,36,11.99,498.15,C,Jan-18,Late (31-120 days),1050.39,434.07,24.91,0,0,
12000,36,5.32,361.38,A,Jan-18,Fully Paid,12000,8.86,0,0,0,
13000,36,12.62,435.65,C,Jan-18,Fully Paid,13000,194.39,0,0,0,
7500,36,17.09,267.74,D,Jan-18,Charged Off,324.15,204.21,0,0,0,
`
)

// figures reads the loans typed in, with the reader of every other tape.
func figures(lim Limits) (Tape, error) {
	return ReadTape("figures typed in", strings.NewReader(figuresHeader+figures2015+figures2018), lim)
}
