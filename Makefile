# mapfleet: `make` lists the targets.

GO        ?= go
CDK       := node_modules/.bin/cdk
FUNCTIONS := prepare resize report trigger checkplan check checkreport
TAGS      := lambda.norpc,nodynamic
LAMBDA    := -trimpath -buildvcs=false -ldflags "-s -w"
GOARCH_LAMBDA ?= arm64
STATICCHECK := $(GO) run honnef.co/go/tools/cmd/staticcheck@v0.8.2
PHOTOS    ?= scripts/photos
PGO       := functions/resize/default.pgo
FUZZTIME  ?= 10m
ASSEMBLY  := $(addprefix functions/resize/picture/,baselinejpeg planar scaledjpeg inflate pngplanes compactpng vp8)

export JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION := 20

.DEFAULT_GOAL := help

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## resize the shipped photographs through the state machine, on this machine
	@$(GO) run ./scripts/mapfleet local resize --in $(PHOTOS) --out out/photos --input scripts/photos.json

test: ## run all tests (infra needs Node.js, and says so)
	$(GO) test ./...

race: ## run all tests but infra's with the race detector
	$(GO) test -race $$($(GO) list ./... | grep -v /infra)

arm64: ## run the tests of packages with assembly as arm64, under qemu-aarch64
	@command -v qemu-aarch64 >/dev/null || { echo "needs qemu-aarch64 (Debian: apt-get install qemu-user)"; exit 1; }
	@for p in $(ASSEMBLY); do \
		CGO_ENABLED=0 GOARCH=arm64 $(GO) test -tags nodynamic -c -o bin/arm64/$$(basename $$p).test ./$$p && \
		(cd $$p && qemu-aarch64 $(CURDIR)/bin/arm64/$$(basename $$p).test -test.short) || exit 1; \
	done

fuzz: ## run every fuzz target for FUZZTIME (10 minutes each by default)
	@for p in $$($(GO) list ./... | grep -v /infra); do \
		for t in $$($(GO) test -list '^Fuzz' $$p | grep '^Fuzz'); do \
			echo "$$p $$t"; $(GO) test -run '^$$' -fuzz "^$$t\$$" -fuzztime $(FUZZTIME) $$p || exit 1; \
		done; \
	done

check: ## format, vet, linters, modernisation, import directions, known vulnerabilities
	@bad=$$(gofmt -l functions infra scripts statemachine); test -z "$$bad" || { echo "not formatted, run gofmt -w: $$bad"; exit 1; }
	$(GO) vet ./...
	$(STATICCHECK) -checks all ./...
	@fixes=$$($(GO) fix -diff ./... 2>&1); test -z "$$fixes" || { echo "$$fixes"; echo "older Go than there is: run go fix ./..."; exit 1; }
	$(GO) run ./scripts/imports
	$(GO) run ./scripts/vulncheck

foreign: ## have others check what AWS gets: cfn-lint (pip install cfn-lint==1.51.0) the templates, asl-validator the definitions
	@command -v cfn-lint >/dev/null || { echo "needs cfn-lint: pip install cfn-lint==1.51.0"; exit 1; }
	cfn-lint --ignore-checks W3005 -- infra/testdata/*.golden.json
	@for f in statemachine/*.asl.json; do npx --yes asl-validator@4.0.0 --json-path $$f || exit 1; done

bench: ## measure pictures beside sharp and imaging, a batch, the road, checks and serve (PHOTOS=DIR for other files)
	$(GO) run -pgo=$(PGO) ./scripts/bench/pictures -photos $(PHOTOS)
	$(GO) run ./scripts/bench/batch -photos $(PHOTOS)
	$(GO) run ./scripts/bench/checks
	$(GO) run ./scripts/bench/serve
	$(GO) run -pgo=$(PGO) ./scripts/bench/road -photos $(PHOTOS)

pgo: ## measure anew where the worker's time goes, for the compiler to go by
	$(GO) run ./scripts/bench/pictures -photos $(PHOTOS) -profile $(PGO)

lambda: ## build the Lambda functions for AWS, bin/lambda/NAME/bootstrap
	@CGO_ENABLED=0 GOOS=linux GOARCH=$(GOARCH_LAMBDA) $(GO) build -tags $(TAGS) $(LAMBDA) -o bin/built/ $(addprefix ./functions/,$(FUNCTIONS))
	@CGO_ENABLED=0 GOOS=linux GOARCH=$(GOARCH_LAMBDA) $(GO) build -tags $(TAGS),avif $(LAMBDA) -o bin/built/resizeavif ./functions/resize
	@for f in $(FUNCTIONS) resizeavif; do \
		mkdir -p bin/lambda/$$f && chmod 755 bin/built/$$f && ln -f bin/built/$$f bin/lambda/$$f/bootstrap || exit 1; \
	done

dist: ## build the command with its functions beside it, bin/dist: a folder to copy anywhere
	@for f in $(FUNCTIONS); do CGO_ENABLED=0 $(GO) build -tags $(TAGS),avif $(LAMBDA) -o bin/dist/functions/$$f/bootstrap ./functions/$$f || exit 1; done
	@CGO_ENABLED=0 $(GO) build -trimpath -ldflags "-s -w" -o bin/dist/mapfleet ./scripts/mapfleet

build: lambda ## build the Lambda functions and the CDK app
	@$(GO) build -o bin/infra ./infra

# The CDK command line as package-lock.json pins it; npx would take half a second longer every time.
$(CDK): package-lock.json
	@npm ci --silent --no-audit --no-fund && touch $@

synth: $(CDK) ## print the CloudFormation template
	$(CDK) synth

diff: $(CDK) ## compare the deployed stack with this checkout
	$(CDK) diff

deploy: $(CDK) ## deploy the stack
	$(CDK) deploy

deploy-local: ## deploy to moto, which plays AWS on this machine, deploy a change, take it down
	$(GO) run ./scripts/deploylocal

destroy: $(CDK) ## take the stack down (its buckets stay; by removalPolicy destroy they go, if they were emptied)
	$(CDK) destroy

clean: ## delete what was built and what runs left
	rm -rf bin out cdk.out node_modules

.PHONY: help run test race arm64 fuzz check foreign bench pgo lambda dist build synth diff deploy deploy-local destroy clean
