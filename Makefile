# The everyday commands. meson does the work, in build/; the end-to-end tests run a program of their own, from
# build-test/, to which they can set the clock (src/base/clock.h). What is installed cannot be set.
.DEFAULT_GOAL := all
.PHONY: all all-test help deps demo test unit e2e torture coverage bench lint fuzz asan tsan install clean

help:
	@echo 'make           build; the program is then build/owup'
	@echo 'make demo      install what is missing, build, show a few deploys on the embedded server'
	@echo 'make test      install what is missing, build, run all tests (real Open WebUI servers, too)'
	@echo 'make unit      the unit tests only'
	@echo 'make e2e       the end-to-end tests only; ARGS="-k sandbox" picks some'
	@echo 'make torture   every system call of a deploy and its like fails once (20 minutes)'
	@echo 'make coverage  how much of each room the tests run; build-coverage/html has every line'
	@echo 'make bench     measure against curl and others, write doc/performance.md (8 minutes)'
	@echo 'make lint      format, warnings of two compilers, static analysis, rules of the project'
	@echo 'make fuzz      each fuzz target for FUZZ_SECONDS (300)'
	@echo 'make asan      tests under AddressSanitizer and UBSan; make tsan: under ThreadSanitizer'
	@echo 'make install   program, man page, completions; PREFIX (/usr/local) and DESTDIR'
	@echo 'make deps      install every Debian package that any of these needs'
	@echo 'make clean     remove the build folders'

all: build/build.ninja
	@ninja -C build program

build/build.ninja:
	@tools/deps --check build
	meson setup build

all-test: build-test/build.ninja
	@ninja -C build-test program

build-test/build.ninja:
	@tools/deps --check build
	meson setup -Dtest_clock=true build-test

deps:
	@tools/deps build test lint bench coverage

demo:
	@tools/deps build
	@$(MAKE) --no-print-directory all
	@tools/demo

test:
	@tools/deps build test
	@$(MAKE) --no-print-directory all
	@status=0; \
	$(MAKE) --no-print-directory unit || status=1; \
	$(MAKE) --no-print-directory e2e || status=1; \
	exit $$status

unit: all
	@ninja -C build
	@meson test -C build --no-rebuild --print-errorlogs

e2e: all-test
	@ninja -C build-test torture
	@OWUP_BIN=$(CURDIR)/build-test/owup tests/e2e/run --junitxml=$(CURDIR)/build/e2e.xml $(ARGS)

torture: all-test
	@ninja -C build-test torture
	@OWUP_TORTURE_CALLS=100000 OWUP_BIN=$(CURDIR)/build-test/owup tests/e2e/run test_every_call_fails.py $(ARGS)

coverage:
	@tools/deps build test coverage
	@tools/coverage

bench:
	@tools/deps build bench
	@test -e build-bench/build.ninja || meson setup --buildtype=release build-bench
	@ninja -C build-bench owup
	@tests/bench/run $(ARGS)

lint:
	@tools/deps build lint
	@tools/lint

fuzz:
	@tools/deps build lint
	@tools/fuzz

asan tsan:
	@tools/deps build test
	@tools/sanitized $@ $(ARGS)

# PREFIX counts where it is given; else what build/ was set up with.
install: build/build.ninja
	$(if $(PREFIX),meson configure build --prefix=$(abspath $(PREFIX)))
	@ninja -C build program
	meson install -C build --no-rebuild

clean:
	rm -rf build build-*
