package risk

// ChinaFiveCategory is the risk classification of financial assets of commercial banks of 2023
// (五级分类): any overdue is at least special mention; over 90 days substandard, over 270 doubtful,
// over 360 loss. It is a floor, see [Table.Worse].
func ChinaFiveCategory() Table {
	return mustTable("china-five-category-2023",
		"商业银行金融资产风险分类办法 (2023), as quoted by cnjiayu.com.cn/ye/xyqqi/17948382.html",
		Band{0, "normal 正常"}, Band{1, "special mention 关注"}, Band{91, "substandard 次级"},
		Band{271, "doubtful 可疑"}, Band{361, "loss 损失"})
}

// IFRS9 is the backstops of IFRS 9, B5.5.20 and B5.5.37: more than 30 days past due is stage 2, more
// than 90 stage 3; both may be rebutted. It is a floor.
func IFRS9() Table {
	return mustTable("ifrs9-backstops", "IFRS 9 B5.5.20, B5.5.37",
		Band{0, "stage 1"}, Band{31, "stage 2"}, Band{91, "stage 3"})
}

// FFIECClosedEnd is the uniform retail credit classification of the United States for closed-end
// loans: substandard at 90 days, charged off at 120 (65 Federal Register 36903, 12 June 2000).
func FFIECClosedEnd() Table {
	return mustTable("ffiec-closed-end", "65 FR 36903 (12 June 2000)",
		Band{0, "pass"}, Band{90, "substandard"}, Band{120, "loss, charge off"})
}

// FFIECOpenEnd is the same for open-end credit: charged off at 180 days.
func FFIECOpenEnd() Table {
	return mustTable("ffiec-open-end", "65 FR 36903 (12 June 2000)",
		Band{0, "pass"}, Band{90, "substandard"}, Band{180, "loss, charge off"})
}

// MStages is the common ageing of consumer loans in China by months past due (M0 to M6+).
func MStages() Table {
	return mustTable("m-stage", "common usage; Fineract's default ranges agree",
		Band{0, "M0 current"}, Band{1, "M1 (1-30)"}, Band{31, "M2"}, Band{61, "M3"}, Band{91, "M4"},
		Band{121, "M5"}, Band{151, "M6"}, Band{181, "M6+"})
}

// LendingClub is LendingClub's loan status by days past due: 15 days of grace, late 16-30 and
// 31-120, then default.
func LendingClub() Table {
	return mustTable("lendingclub-status", "LendingClub note statuses",
		Band{0, "current"}, Band{1, "in grace (1-15)"}, Band{16, "late 16-30"}, Band{31, "late 31-120"},
		Band{121, "default"})
}

// FineractRanges is the delinquency ranges of Apache Fineract's end-to-end tests.
func FineractRanges() Table {
	return mustTable("fineract-ranges", "apache/fineract LoanDelinquency.feature",
		Band{0, "CURRENT"}, Band{1, "RANGE_1"}, Band{4, "RANGE_3"}, Band{31, "RANGE_30"}, Band{61, "RANGE_60"},
		Band{91, "RANGE_90"}, Band{121, "RANGE_120"}, Band{151, "RANGE_150"}, Band{181, "RANGE_180"},
		Band{241, "RANGE_240"})
}

// RBISpecialMention is India's special mention accounts and doubtful classes. A loan that is not
// past due is standard: an account becomes SMA-0 with its first day past due.
func RBISpecialMention() Table {
	return mustTable("rbi-sma", "RBI prudential norms; ranges as in frappe/lending test_dpd_calculation",
		Band{0, "standard"}, Band{1, "SMA-0"}, Band{31, "SMA-1"}, Band{61, "SMA-2"}, Band{91, "D1"},
		Band{366, "D2"}, Band{1099, "D3"})
}

// Tables lists every table of this package.
func Tables() []Table {
	return []Table{ChinaFiveCategory(), IFRS9(), FFIECClosedEnd(), FFIECOpenEnd(), MStages(),
		LendingClub(), FineractRanges(), RBISpecialMention()}
}
