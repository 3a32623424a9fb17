# One definition of every command: README, people and CI use these.
.PHONY: demo test check bench fuzz year soak national containers catalogs docs screenshots opinions

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

demo:
	$(PYTHON) -m venv $(VENV) && $(BIN)/pip install -q -e . && $(BIN)/alerts demo

test:
	$(PYTHON) -m venv $(VENV) && $(BIN)/pip install -q -e '.[test]' && $(BIN)/pytest -q

# Format, lint, strict types, import contracts; then the tests, exactly as the README runs them.
check: $(BIN)/pytest
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(MAKE) test

bench: $(BIN)/pytest
	$(BIN)/python -m bench

# Programs that nobody here wrote, against a running door: a client that is generated from the description tells
# the whole story, and schemathesis asks for some minutes. Then libFuzzer cuts up what each of nine readers reads.
FUZZ_S ?= 240
fuzz: $(BIN)/pytest
	$(BIN)/pip install -q -e '.[fuzz]'
	$(BIN)/python -m tests.fuzz --seconds $(FUZZ_S) --seed $(SEED)
	$(BIN)/python -m tests.fuzz.readers --seconds $(FUZZ_S)

# Pictures of what readers get, in docs/images: needs Chromium.
screenshots: $(BIN)/pytest
	$(BIN)/python tools/screenshots.py

# What mail programs, a spam filter, a checker of accessibility and Slack's types say: each is asked where it is.
opinions: $(BIN)/pytest
	$(BIN)/python tools/opinions

# A year of 1,000 people over a real server, three times: plainly, with dying workers, with changing wishes.
year: $(BIN)/pytest
	ALERTS_TEST_YEAR=full $(BIN)/pytest -q -rP tests/walk/test_year.py

# Twenty worlds of kills, freezes and servers with tempers, from SEED on: about two minutes each. Then two calmer
# ones of four minutes, where enough urgent mail is undisturbed for "within 10 s" to mean something (urgent_s). Then
# every property over examples that nobody has tried yet, and all of what `make test` tries a part of.
SEED ?= 1
soak: $(BIN)/pytest
	$(BIN)/python -m tests.torture --seed $(SEED) --runs 20
	$(BIN)/python -m tests.torture --seed $(SEED) --runs 2 --calm
	ALERTS_TEST_DICE=1 $(BIN)/pytest -q tests/doors/web/in_a_browser $$(grep -rlE '@given|^from thorough import' tests)

# A day of two hurricanes as Mexico's weather service told them, three times at 100 × speed (15 minutes each), while
# workers and publishers are killed; judged by a reading of the files that knows nothing of us. Needs ../shared.
national: $(BIN)/pytest
	$(BIN)/python -m tests.national --from 2014-09-16T00:00-05:00 --pause-max 108 --seed $(SEED) --runs 3

# Builds the image and drives both compose files in a real engine. Needs root on Linux.
containers: $(BIN)/pytest
	FULL=1 .ci/compose $(BIN)/python

# The texts that readers see, in each language: what is new stands there empty until somebody translates it.
catalogs: $(BIN)/pytest
	$(BIN)/python tools/catalogs.py

# docs/cli.md and docs/redis.md are written by the code they describe.
docs: $(BIN)/pytest
	$(BIN)/python tools/document.py

$(BIN)/pytest: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install -q -e '.[test]'
	touch $@
