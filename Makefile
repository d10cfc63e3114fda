# Two commands do everything on a fresh Debian machine with a Swift toolchain: make demo, make test.
CONFIG ?= debug
export SWIFT_BACKTRACE ?= enable=no

.PHONY: demo test build setup check sanitize clean

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

# The low floors, where C meets Swift, under AddressSanitizer. A build of its own: takes minutes.
sanitize: setup
	ASAN_OPTIONS=detect_leaks=0 swift test --sanitize address --disable-xctest --scratch-path .build/sanitize \
	  --filter 'TensorKernels|TensorCore|Autodiff|OpBridge|AgentHost|ArrowTables|AgentKit|NeuralKit|SystemShims|NaiveBayes'

clean:
	rm -rf .build
