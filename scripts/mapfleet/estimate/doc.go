// Package estimate simulates a fleet of Lambdas under a Distributed Map, event by event, and works out
// how long a run takes, how many workers it has at a time, and what bounds it. Its nouns: Limits are
// AWS's, and those that no page tells are fitted to one published run; Work is what the run has to do; a
// Forecast is what comes of both; a Way is another manner of starting the same tasks. Prices are in
// mapfleet/functions/cost.
package estimate
