# Two commands do everything on a fresh Debian machine with a Swift toolchain: make demo, make test.
CONFIG ?= debug
export SWIFT_BACKTRACE ?= enable=no

.PHONY: demo test build setup check bench sanitize fuzz ulp clean

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

# Speed beside PyTorch, NumPy, OpenBLAS, oneDNN and the machine's limits. BENCH takes options: --quick, --only gemm.
bench: setup
	@Benchmarks/bench.sh $(BENCH)

# The low floors, where C meets Swift and threads meet, under AddressSanitizer and ThreadSanitizer.
sanitize: setup
	Scripts/sanitize.sh

# The fuzzers for an hour each; CI runs Scripts/fuzz.sh for a minute.
fuzz: setup
	Scripts/fuzz.sh 3600

# exp, log, tanh, erf and the like over all 2^32 floats, on each instruction set. Takes tens of minutes.
ulp:
	Scripts/ulp.sh

clean:
	rm -rf .build Hardening/.build Benchmarks/.build
