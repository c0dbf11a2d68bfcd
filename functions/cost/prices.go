package cost

// Price is what one unit of something costs.
type Price struct {
	USD    float64 // for one unit
	Unit   string
	Source string // the page that says so
}

// Prices are those of one Region at one time, without free tiers and discounts.
type Prices struct {
	Of string // Region and month

	LambdaARM64, LambdaX86, LambdaRequest       Price
	Transition, ExpressRequest, ExpressDuration Price
	S3Put, S3Get, S3Head, S3List                Price

	// Classes are the storage classes that charge for reading more than S3Get.
	Classes map[string]ClassPrice
}

// ClassPrice is what reading an object of a storage class costs.
type ClassPrice struct{ Get, Retrieval Price }

// USEast1 returns the prices of us-east-1 in November 2026. Those of the storage classes are recalled
// from the page that is linked, the others were looked up for this project; none has been seen on a bill.
func USEast1() Prices {
	const (
		lambda    = "https://aws.amazon.com/lambda/pricing/"
		functions = "https://aws.amazon.com/step-functions/pricing/"
		s3        = "https://aws.amazon.com/s3/pricing/"
	)
	seldom := ClassPrice{Get: Price{0.001 / 1000, "request", s3}, Retrieval: Price{0.01, "GB", s3}}
	return Prices{
		Of: "us-east-1, November 2026",

		LambdaARM64:   Price{0.0000133334, "GB-second", lambda},
		LambdaX86:     Price{0.0000166667, "GB-second", lambda},
		LambdaRequest: Price{0.20 / 1e6, "request", lambda},

		Transition:      Price{0.025 / 1000, "transition", functions},
		ExpressRequest:  Price{1.00 / 1e6, "request", functions},
		ExpressDuration: Price{0.00001667, "GB-second", functions},

		S3Put:  Price{0.005 / 1000, "request", s3},
		S3List: Price{0.005 / 1000, "request", s3},
		S3Get:  Price{0.0004 / 1000, "request", s3},
		S3Head: Price{0.0004 / 1000, "request", s3},

		Classes: map[string]ClassPrice{
			"STANDARD_IA": seldom,
			"ONEZONE_IA":  seldom,
			"GLACIER_IR":  {Get: Price{0.01 / 1000, "request", s3}, Retrieval: Price{0.03, "GB", s3}},
		},
	}
}
