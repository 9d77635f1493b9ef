package lending

// Feature is a trait of a business model that the law of some place and time forbids. What has one
// says so as [Featured]; [Rules] look at it. Nothing in this library is refused for its features
// unless a desk has rules that do.
type Feature Code

// Features. Their codes are stable.
const (
	FeatureCollateral    Feature = "collateral"           // a thing answers for the debt (抵押, 质押)
	FeatureGuarantor     Feature = "guarantor"            // an independent company does (第三方担保)
	FeatureOwnGuarantee  Feature = "own-guarantee"        // the platform does (平台自身担保)
	FeatureProvisionFund Feature = "provision-fund"       // its ring-fenced fund does (风险备付金)
	FeatureOriginator    Feature = "originator-guarantee" // who referred the loan does (小贷公司)

	FeatureSelfFinancing     Feature = "self-financing"      // the platform or one related to it borrows (自融)
	FeaturePooling           Feature = "pooling"             // money without a loan of its own (资金池)
	FeatureFrontingLender    Feature = "fronting-lender"     // lends first and sells the claims (专业放贷人)
	FeaturePlatformLender    Feature = "platform-lender"     // the platform lends its own money (平台直接供款)
	FeatureTermSplitting     Feature = "term-splitting"      // a long claim as short holdings (期限拆分)
	FeaturePackaging         Feature = "packaging"           // claims in a product with a yield (打包产品)
	FeatureSecuritisation    Feature = "securitisation"      // claims sold as a package (类资产证券化)
	FeatureLenderReplacement Feature = "lender-replacement"  // one lender is paid out of another's money
	FeatureOfflinePromotion  Feature = "offline-promotion"   // lenders are sought off line (线下宣传)
	FeatureAssuredReturn     Feature = "assured-return"      // a return is promised
	FeatureIncentive         Feature = "incentive"           // a gift or bonus for lending
	FeatureWealthProduct     Feature = "wealth-product"      // financial products of others are sold
	FeatureMixedBusiness     Feature = "mixed-business"      // tied to another institution's business
	FeatureFalsePromotion    Feature = "false-promotion"     // untrue or one-sided claims
	FeatureSpeculativeUse    Feature = "speculative-use"     // money for shares, futures, structured products
	FeatureEquityFunding     Feature = "equity-crowdfunding" // 股权众筹
	FeatureCash              Feature = "cash"                // notes and coins are taken or paid
)

// Featured is what a command with features implements.
type Featured interface{ Features() []Feature }
