# Everything a newcomer needs. `make run` and `make test` install what is missing (Debian, Ubuntu), build, and go.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

LISTEN ?= 0.0.0.0:9528
DATA ?= ./data
# Further arguments of `make run`, for example ARGS="--log-format json".
ARGS ?=

SOURCES := Package.swift Sources Tests Benchmarks/Package.swift Benchmarks/Benchmarks Benchmarks/Sources

# As scripts/release-flags, but for the runtime inside, which the harness of `make bench` can't have.
BENCH_FLAGS := -Xswiftc -enforce-exclusivity=unchecked

.PHONY: help run demo test test-browser api-fuzz bench bench-check build release check lint fmt clean needs needs-test needs-browser needs-bench

help: ## Show this
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: release ## Install what is missing, build, and serve on LISTEN (0.0.0.0:9528) with DATA (./data)
	@exec "$$(scripts/release-path)" serve --listen "$(LISTEN)" --data "$(DATA)" $(ARGS)

demo: release ## Show everything at work for a minute: boxes, a node, a cloud that fails and comes back
	@exec scripts/demo "$$(scripts/release-path)"

test: needs needs-test ## Install what is missing, build, and run every test
	swift build --build-tests
	swift test --skip-build

test-browser: needs needs-browser ## Use the pages as people do, in a browser without a window; pictures of them in .build/screenshots
	swift build
	scripts/test-browser "$$(swift build --show-bin-path)/fogcatcher" $(ARGS)

api-fuzz: needs ## Ask a node with data everything that its description allows, for FUZZ_SECONDS (60)
	swift build
	scripts/api-fuzz "$$(swift build --show-bin-path)/fogcatcher" "$${FUZZ_SECONDS:-60}"

bench: needs ## Time what an event goes through, step by step; ARGS="--filter decode.*" for some of it
	@scripts/bench $(ARGS)

bench-check: needs needs-bench ## Fail when a step takes more instructions than on record; UPDATE=1 records, ONLY=decode for some
	swift build --package-path Benchmarks -c release --product InstructionCounts $(BENCH_FLAGS)
	@scripts/bench-check "$$(swift build --package-path Benchmarks -c release --show-bin-path)/InstructionCounts" \
	  --only "$(ONLY)" $(if $(UPDATE),--update)

build: needs ## Build for development
	swift build

release: needs ## Build the optimized program, with the Swift runtime inside when the toolchain can
	scripts/build-release

check: needs lint ## Check the formatting and run the fast tests
	swift test --skip EndToEndTests

lint: needs
	swift format lint --strict --recursive --parallel $(SOURCES)

fmt: needs ## Format all sources
	swift format --in-place --recursive --parallel $(SOURCES)

clean: ## Remove what was built; data stays
	rm -rf .build Benchmarks/.build

needs:
	@scripts/install-needs build

needs-test:
	@scripts/install-needs test

needs-browser:
	@scripts/install-needs browser

needs-bench:
	@scripts/install-needs bench
