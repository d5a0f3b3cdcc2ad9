# One name per chore; continuous integration calls the same ones. `make` lists them.
PORT ?= 5005
HOST ?= 127.0.0.1
ARGS ?=
# Two files of tests at a time; AT_ONCE= for one after the other.
AT_ONCE ?= -n 2 --dist loadfile
BIN := .venv/bin
export PYTHONWARNINGS ?= ignore
# Compiled modules are kept whatever the surroundings say: without them each start takes 15 s longer.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup tensorflow run train test test-quick walk lint format bench evaluate evaluate-checks \
        encoder lock widget install-test-software clean

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 24

setup:  ## both Python environments, from their lock files
	@scripts/bootstrap

tensorflow:  ## Rasa's environment with TensorFlow, for DIET or TED in config.yml
	@QIQ_TENSORFLOW=1 scripts/bootstrap

run: setup  ## the bot with its embedded lab: http://127.0.0.1:5005/ (PORT=..., HOST=..., ARGS=--dev-rest)
	@exec $(BIN)/qiq run --port $(PORT) --host $(HOST) $(ARGS)

train: setup  ## train the assistant if something it is made from has changed
	@$(BIN)/qiq train $(if $(filter train,$(MAKECMDGOALS)),$(ARGS))

test: setup train  ## every test there is, with Chromium and Debian's daemons installed first
	@scripts/install-test-software daemons
	$(BIN)/python -m pytest $(AT_ONCE) $(ARGS)

test-quick: setup train  ## the tests that need neither a browser nor daemons
	$(BIN)/python -m pytest $(AT_ONCE) -m "not software and not browser" $(ARGS)

walk: setup train  ## 2,000 random talks, and what was wrong with them (ARGS="--talks 200 --seed 3")
	@$(BIN)/python -m tests.conversations.walker $(ARGS)

lint: setup  ## style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: setup  ## put the style right
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: setup  ## measure all parts, or one: ARGS="--part checks" (product, dialogue, checks, …)
	@$(BIN)/qiq bench $(ARGS)

evaluate: train  ## how well it understands
	@$(BIN)/qiq evaluate $(ARGS)

encoder:  ## tune the sentence encoder anew on data/nlu (PyTorch, Python 3.11; 10 minutes and more)
	@scripts/encoder/make $(PYTHON311)

evaluate-checks: setup  ## how well it tells whose side a fault is on
	@$(BIN)/qiq evaluate-checks $(ARGS)

widget:  ## build the chat widget anew, to be committed (needs npm)
	@cd widget && npm ci --silent && npm run --silent check && npm run --silent build

lock:  ## compile the lock files anew
	@scripts/lock

clean:  ## remove everything that can be made again
	rm -rf .venv .venv-rasa .cache .rasa var models/qiq-*.tar.gz .pytest_cache .ruff_cache .mypy_cache
