# Two commands do everything on a fresh Debian machine with a Swift toolchain: make demo, make test.
CONFIG ?= debug
export SWIFT_BACKTRACE ?= enable=no

.PHONY: demo test build setup check clean

demo: build
	@echo; .build/$(CONFIG)/cadre run Examples/support-desk/workflow.yaml

test: build
	swift test -c $(CONFIG)

build: setup
	swift build -c $(CONFIG) --build-tests
	@Scripts/stage-plugins.sh $(CONFIG)

setup:
	@Scripts/setup.sh

check: setup
	Scripts/check.sh

clean:
	rm -rf .build
