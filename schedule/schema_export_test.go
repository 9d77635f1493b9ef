package schedule

// Descriptions say what the fields of terms are for.
var Descriptions = descriptions
