# `make videos` and `make test` do all the set-up a fresh machine needs, and are safe to repeat.

PYTHON := .venv/bin/python
INSTALLED := .venv/.installed

.PHONY: videos test sheets golden readme lint lock clean

videos: $(INSTALLED)   ## render the whole suite into media/
	$(PYTHON) render.py render --all

test: $(INSTALLED)     ## run every test
	$(PYTHON) -m pytest

sheets: $(INSTALLED)   ## a contact sheet per explainer into media/sheets/
	$(PYTHON) render.py sheet --all

golden: $(INSTALLED)   ## renew the golden stills in tests/golden/ and print what changed
	$(PYTHON) -m studio.golden

readme: $(INSTALLED)   ## renew the README's posters, gallery and coverage table
	$(PYTHON) -m studio.readme

lint: $(INSTALLED)     ## style and formatting
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .

lock:                  ## renew requirements.lock from pyproject.toml; needs uv
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 \
		--generate-hashes --quiet --upgrade --output-file requirements.lock

clean:                 ## remove rendered clips; the environment stays
	find media -mindepth 1 ! -name .gitkeep -delete

$(INSTALLED): requirements.lock tools/setup.sh
	sh tools/setup.sh .venv requirements.lock
	touch $(INSTALLED)
