# make demo   runs the product on this machine    make test   runs every test there is
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

BIN := bin/hourglass
CACHE := .cache
MINIO := $(CACHE)/bin/minio
GO_SOURCES := $(shell find cmd internal storage migrations frontend/embed.go -name '*.go' -o -path '*/internal/*' -type f -not -name '*.go' 2>/dev/null) go.mod go.sum
WEB_SOURCES := $(shell find frontend/src frontend/public frontend/tools frontend/index.html frontend/vite.config.ts frontend/tsconfig.json -name node_modules -prune -o -type f -print 2>/dev/null)
VERSION := $(shell git describe --always --dirty 2>/dev/null || echo unknown)

.PHONY: help
help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

.PHONY: demo
demo: setup build ## Run the whole product with demonstration content
	$(BIN) demo --data .demo

.PHONY: build
build: $(BIN) ## Build bin/hourglass with the web application inside

$(BIN): frontend/dist/index.html $(GO_SOURCES)
	@# Without -trimpath: tests and the program share what was compiled. The image has it.
	go build -ldflags "-X main.version=$(VERSION)" -o $@ ./cmd/hourglass

.PHONY: web
web: frontend/dist/index.html ## Build the web application

frontend/dist/index.html: $(CACHE)/node.stamp $(WEB_SOURCES)
	cd frontend && npm run --silent build
	@touch $@

$(CACHE)/node.stamp: frontend/package-lock.json tools/oidc-provider/package-lock.json
	cd frontend && npm ci --no-audit --no-fund --loglevel=error
	cd tools/oidc-provider && npm ci --no-audit --no-fund --loglevel=error
	@mkdir -p $(CACHE) && touch $@

.PHONY: setup
setup: ## Install what running needs (Debian packages)
	@deploy/setup.sh demo

.PHONY: setup-test
setup-test: $(MINIO) ## Install what testing needs as well
	@deploy/setup.sh test

$(MINIO):
	tools/setup/minio.sh $@

.PHONY: test
test: setup-test build ## Run every test: Go, frontend, browser
	tools/test.sh

.PHONY: attacks
attacks: setup-test frontend/dist/index.html ## Attack study time on a running server
	go run ./internal/embedded/testenv -- go test -count=1 ./internal/study/attacks

.PHONY: faults
faults: build ## Kill servers a thousand times while people study
	$(BIN) faults --faults 1000

.PHONY: lint
lint: $(CACHE)/node.stamp ## Check format, vet, types and style
	tools/lint.sh

.PHONY: api
api: $(CACHE)/node.stamp ## Generate the API's description and the frontend's client from it
	go run ./cmd/hourglass openapi > frontend/src/api/openapi.json
	cd frontend && npm run --silent api

.PHONY: conformance
conformance: setup-test build ## Tests against outside suites and foreign stores
	tools/conformance.sh

.PHONY: lectures
lectures: ## Make the demonstration's lecture videos anew (espeak-ng, Chromium, ffmpeg)
	tools/lectures/make.sh

.PHONY: readings
readings: ## Print the demonstration's PDFs anew (Chromium)
	tools/readings/make.sh

.PHONY: bench
bench: setup-test build ## Measure on this machine
	$(BIN) bench study

.PHONY: lighthouse
lighthouse: setup-test build ## Lighthouse on the pages people meet first (its packages are fetched once)
	cd tools/lighthouse && npm install --no-save --no-audit --no-fund --loglevel=error
	tools/lighthouse/run.sh

.PHONY: clean
clean: ## Remove what was built; the demonstration's data stays
	rm -rf bin $(CACHE) frontend/node_modules frontend/dist/assets frontend/dist/index.html artefacts
