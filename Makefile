# Everything starts here. Needs git, make and python3 (>= 3.9 with venv); the rest is fetched by infra/setup.
#   make demo [PORT=8000] [RESET=1] [PHOTOS=folder]     make test [ARGS="-k word"]     make bench [ONLY=a,b]
PY := .venv/bin/python
PORT ?= 8000
export PATH := $(CURDIR)/.venv/bin:$(PATH)
export PYTHONPATH :=

.PHONY: demo code test lint bench ci data-dir lock setup fmt
.DEFAULT_GOAL := demo

setup:
	@sh infra/setup

demo: setup
	@exec $(PY) -m infra.demo --port "$(PORT)" $(if $(filter 1 yes true,$(RESET)),--reset) $(if $(PHOTOS),--photos "$(PHOTOS)")

# The demo's people with an authenticator app: what it shows now
code:
	@$(PY) -m infra.code

test: setup
	@exec $(PY) -m infra.testrun pytest $(ARGS)

bench: setup
	@exec $(PY) -m infra.testrun bench $(if $(ONLY),--only "$(ONLY)") $(ARGS)

lint: setup
	@exec $(PY) -m infra.lint $(ARGS)

ci: lint test

fmt: setup
	@ruff check --fix --quiet . ; ruff format .

data-dir:
	@if [ -n "$$YL_DATA" ]; then case "$$YL_DATA" in /*) echo "$$YL_DATA";; *) echo "$(CURDIR)/$$YL_DATA";; esac; else echo "$(CURDIR)/var/demo"; fi

# After changing dependencies in pyproject.toml or package.json. Needs uv; npm for the second part.
lock:
	uv pip compile --universal --generate-hashes --no-header --python-version 3.13 pyproject.toml -o infra/locks/runtime.txt
	uv pip compile --universal --generate-hashes --no-header --python-version 3.13 pyproject.toml --group infra --group dev -c infra/locks/runtime.txt -o infra/locks/all.txt
	uv pip compile --universal --generate-hashes --no-header --python-version 3.13 --no-deps --group demo -o infra/locks/demo.txt
	echo uv | uv pip compile --universal --generate-hashes --no-header --python-version 3.9 - -o infra/locks/uv.txt
	npm install --package-lock-only --ignore-scripts --omit-lockfile-registry-resolved=true --no-audit --no-fund
	cd infra/webtest && npm install --package-lock-only --ignore-scripts --omit-lockfile-registry-resolved=true --no-audit --no-fund
