// Package examples holds programs that show the library at work, each in a folder of its own: run one with
// go run ./examples/NAME, and with -h to have it explain itself; quickstart, the first program of the README, takes
// no flags. Folders desk and jsonlines are packages that the programs share; schedulebench is a module of its own.
// The first programs for claims and for covers are program_example_test.go of packages transfer and guarantee.
//
// # Business models
//
// Every model that platforms are known to run is a configuration of one engine. What shows each of them: a
// program, and tests by package.
//
//	M1   pure marketplace (纯平台)                        examples/marketplace, lending.TestPresets,
//	                                                      lending/regulator.TestModelsUnderTheIntermediaryProfile
//	M2   debt transfer, many to many (债权转让)           examples/debttransfer, transfer.TestMachine
//	     claims by amount and by term (金额、期限拆分)    lending.TestClaimsInSmallScope, transfer.TestInstalmentsAreSold
//	     successive short holdings (期限拆分)             transfer.TestRollMachine, transfer.TestEachDaysInterestHasOneOwner
//	     claims by rank (优先、劣后)                      lending.TestRankedWorlds, lending.TestRanksInSmallScope
//	     whole loans sold and bought back                 transfer.TestAssetTransfersOfFineract
//	M3   fronting lender (专业放贷人, 平台自有资金)       examples/debttransfer, transfer.TestFacilityInvariant,
//	                                                      transfer.TestFacilityBoundsWhatIsFronted, lending.TestPrivateTender
//	M4   pure online (纯线上)                             examples/marketplace, lending.TestEveryAcceptedCombinationIsLentAndRepaid
//	M5   online to offline (线上线下)                     lending.TestPublicationWaitsForTheFieldVerification,
//	                                                      lending.TestContractSignedAtABranch
//	M6   no protection (无担保)                           examples/guaranteed, examples/servicing
//	M7   guarantee company (第三方担保)                   examples/guaranteed, guarantee.TestMachine,
//	                                                      guarantee.TestOrdinaryGuarantorWaits, guarantee.TestRiskByGuarantor,
//	                                                      guarantee.TestGuarantorDefaults
//	M8   provision fund (风险备付金)                      examples/guaranteed, guarantee.TestMachine,
//	                                                      guarantee.TestInterestIsRedirected
//	     the platform's own guarantee (平台自身担保)      examples/guaranteed, guarantee.TestOwnGuarantee
//	M9   microloan company (小贷公司)                     examples/guaranteed, guarantee.TestOriginatorMachine,
//	                                                      guarantee.TestPrefundedThenSold
//	M10  packages with a promised yield (债权打包)        examples/debttransfer, transfer.TestPackageMachine
//	M11  matching instead of tenders (免投标竞标)         examples/debttransfer, transfer.TestMatchIsNearTheBest
//	M12  fee income (账户管理费、服务费)                  examples/settle, lending.TestFeesOfPlatforms,
//	                                                      transfer.TestFeesOfASale
//	     collateral (抵押、质押)                          guarantee.TestCollateralMachine, guarantee.TestProceedsByRank
//	     layers of protection                             examples/guaranteed, guarantee.TestFundLetsLayersBehindItBeAsked
//	     cover plus fees                                  guarantee.TestGuarantorPaysFees, lending.TestCoverOfFeesAtRandom
//	     M1 to M3 and M7 to M11 on one desk               examples/desk.TestEveryModelOnOneDesk
//	     all combinations of flow, channel, protection    lending.TestEveryCombinationOfTheAxes
//
// A test by its name: go test -v -run '^TestMachine$' ./transfer. What else shows the models right:
//
//	closed forms, exact and by chance    go test -v -run 'ClosedForms|Vectors' ./guarantee
//	Fineract's sales of whole loans      go test -v -run AssetTransfers ./transfer
//	claims and ranks in small scope      go test -v -run SmallScope ./lending
//	crashes at every write               go test -run Crash ./transfer ./guarantee
//	speed, with allocations              go test -run '^$' -bench 'Match|Transfer|OrderBook' -benchmem ./transfer
//	                                     go test -run '^$' -bench FundSettle -benchmem ./guarantee
package examples
