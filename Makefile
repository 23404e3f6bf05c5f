# `make videos` and `make test` do all the set-up a fresh machine needs, and are safe to repeat.

PYTHON := .venv/bin/python
INSTALLED := .venv/.installed
UNUSUAL := tests/scenes/unusual.toml

.PHONY: videos test examples fuzz kills check consumers bench sheets golden messages readme lint lock clean

videos: $(INSTALLED)   ## render the whole suite into media/
	$(PYTHON) render.py render --all

test: $(INSTALLED)     ## run every test
	sh tools/browser.sh
	$(PYTHON) -m pytest

examples: $(INSTALLED) ## draw the examples of Manim's own documentation, with our engine and with Manim; takes minutes
	$(PYTHON) -m tests.studio.engine.docstrings

fuzz: $(INSTALLED)     ## throw values, command lines and files at the program: 14,000 cases; takes a quarter of an hour
	$(PYTHON) -m tests.attack.fuzz

kills: $(INSTALLED)    ## kill processes of renders at 200 random moments, and count what is lost; takes minutes
	$(PYTHON) -m tests.attack.kills

consumers:             ## install the programs that open what `publish` writes (1.4 GB); their tests are skipped without
	sh tools/consumers.sh .cache/consumers

check: $(INSTALLED)    ## look at every clip in all aspects, themes and languages, and with unusual parameters; takes minutes
	@status=0; \
	for theme in dark light; do for aspect in 16:9 4:3 1:1 9:16; do \
		$(PYTHON) render.py check --all --theme $$theme --aspect $$aspect || status=1; \
	done; done; \
	$(PYTHON) render.py check $(UNUSUAL) || status=1; \
	$(PYTHON) render.py check $(UNUSUAL) --theme light --aspect 9:16 || status=1; \
	for language in fr es; do for aspect in 16:9 9:16; do \
		$(PYTHON) render.py check --all --language $$language --aspect $$aspect || status=1; \
	done; done; \
	exit $$status

bench: $(INSTALLED)    ## measure against stock Manim, side by side; writes docs/benchmarks.md, takes half an hour
	$(PYTHON) -m studio.bench

sheets: $(INSTALLED)   ## a contact sheet per explainer into media/sheets/
	$(PYTHON) render.py sheet --all

golden: $(INSTALLED)   ## renew the golden stills in tests/golden/ and print what changed
	$(PYTHON) -m studio.golden

messages: $(INSTALLED) ## bring the catalogues of translated messages up to date with the scenes
	$(PYTHON) -m studio.messages

readme: $(INSTALLED)   ## renew the README's posters, gallery and coverage table
	$(PYTHON) -m studio.readme

lint: $(INSTALLED)     ## style and formatting
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .

lock:                  ## renew requirements.lock from pyproject.toml; needs uv in .venv
	$(PYTHON) -m uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 \
		--generate-hashes --quiet --upgrade --output-file requirements.lock

clean:                 ## remove rendered clips; the environment stays
	find media -mindepth 1 ! -name .gitkeep -delete

$(INSTALLED): requirements.lock tools/setup.sh
	sh tools/setup.sh .venv requirements.lock
	touch $(INSTALLED)
