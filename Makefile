# Each target prints what it does. `make` alone lists them.
SHELL = /bin/sh
VENV = .venv
BIN = $(VENV)/bin
ARGS =

.PHONY: help demo serve test postgresql check bench docs pins clean

help:  ## List the targets
	@echo "Chancery: the secretariat of a council whose members are sovereign."
	@echo
	@grep -E '^[a-z]+:.*## ' Makefile | sed 's/:.*## /\t/' | awk -F'\t' '{printf "  make %-11s %s\n", $$1, $$2}'

demo: $(VENV)/runtime.done  ## Play the 51st session of an invented council and serve it (ARGS='--port 8080')
	@$(BIN)/chancery demo $(ARGS)

serve: $(VENV)/runtime.done  ## Serve a data directory (ARGS='--data DIR --port N')
	@$(BIN)/chancery serve $(ARGS)

test: $(VENV)/develop.done  ## Run all tests (ARGS='-k word')
	@echo "Running the tests; Ctrl-C stops them."
	@./bin/programs
	@DATABASE_URL= $(BIN)/python -m pytest $(ARGS)

postgresql: $(VENV)/develop.done  ## Run the tests on a PostgreSQL server of their own (ARGS='-k word')
	@echo "Running the tests on PostgreSQL; Ctrl-C stops them."
	@./bin/on-postgresql $(BIN)/python -m pytest $(ARGS)

check: $(VENV)/develop.done  ## Lint, types, import contracts, missing migrations, documents
	@BIN=$(BIN) ./bin/check

bench: $(VENV)/develop.done  ## Measure speed as ratios (ARGS='NAME …'); figures go to docs/benchmarks.md
	@$(BIN)/python -m bench $(ARGS)

docs: $(VENV)/develop.done  ## Write the generated reference pages anew
	@$(BIN)/python bin/reference

pins:  ## Pin the requirements anew, with hashes (needs uv)
	@./bin/pins

clean:  ## Remove what the other targets made (not your data directories)
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis build

# A stamp says the environment is whole; a half-made one is thrown away.
$(VENV)/runtime.done: requirements/runtime.txt pyproject.toml
	@./bin/environment runtime

$(VENV)/develop.done: requirements/develop.txt pyproject.toml
	@./bin/environment develop
