# banli: `make run` opens the demo, `make test` and `make lint` check it. Python 3.11 and make suffice.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
# Two workers fit a small machine; a file stays on one, so that its models and servers start once.
PYTEST_FLAGS ?= -n 2 --dist loadfile

.PHONY: run test test-faults fuzz lint audit wheel lock system clean
.DELETE_ON_ERROR:

run: models/nlu/card.json
	$(BIN)/banli demo

test: $(VENV)/.dev models/nlu/card.json system
	$(BIN)/python -m pytest $(PYTEST_FLAGS)

# Every night: as many inputs, under a seed that is printed and can be given.
fuzz: $(VENV)/.dev models/nlu/card.json
	BANLI_FUZZ=$${BANLI_FUZZ:-20000} BANLI_FUZZ_SEED=$${BANLI_FUZZ_SEED:-$$(date +%s)} \
		$(BIN)/python -m pytest tests/fuzz -s --timeout 0

# Processes are killed and databases stopped under load: the short form of it is part of `make test`.
test-faults: $(VENV)/.dev models/nlu/card.json system
	BANLI_FAULTS_KILLS=$${BANLI_FAULTS_KILLS:-200} BANLI_FAULTS_CUSTOMERS=$${BANLI_FAULTS_CUSTOMERS:-1000} \
		BANLI_FAULTS_CONFIRMATIONS=$${BANLI_FAULTS_CONFIRMATIONS:-500} \
		BANLI_FAULTS_SEED=$${BANLI_FAULTS_SEED:-$$(date +%s)} \
		$(BIN)/python -m pytest tests/faults -s --timeout 0

lint: $(VENV)/.dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

# Not a part of lint: it needs the network, and fails with what others find out later.
audit:
	@.ci/audit

wheel: $(VENV)/.dev models/nlu/card.json
	$(BIN)/python -m build --wheel --no-isolation

# The lock names every package, so pip has nothing to resolve; `pip check` says if it names them well.
$(VENV)/.run: requirements/run.txt requirements/build.txt pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --no-deps -r requirements/build.txt -r requirements/run.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	$(BIN)/python -m pip check
	touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.run
	$(BIN)/python -m pip install --quiet --no-deps -r requirements/dev.txt
	$(BIN)/python -m pip check
	touch $@

# Only who trains a model that hears needs PyTorch; with it, the tests of training run as well.
$(VENV)/.training: requirements/training.txt $(VENV)/.dev
	$(BIN)/python -m pip install --quiet -r requirements/training.txt
	touch $@

# Made once. `banli train` makes it anew after a change of the phrases.
models/nlu/card.json: | $(VENV)/.run
	$(BIN)/banli train

system:
	@.ci/system

lock:
	CUSTOM_COMPILE_COMMAND="make lock" BIN=$(BIN) .ci/lock

clean:
	rm -rf $(VENV) dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis
