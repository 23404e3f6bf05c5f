#!/bin/sh
# Programs that open what `render.py publish` writes, for the tests that use them; without them those tests are skipped.
# Usage: sh tools/consumers.sh FOLDER        Debian packages need root or sudo; about 1.4 GB in all.
set -eu
folder=$1
as_root=""
[ "$(id -u)" -eq 0 ] || as_root="sudo"

$as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends -o Dpkg::Use-Pty=0 \
    chromium libreoffice-impress pandoc texlive-latex-recommended texlive-latex-extra >/dev/null

# Node.js often comes from elsewhere than Debian, and the two do not go together.
command -v npm >/dev/null || $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
    --no-install-recommends -o Dpkg::Use-Pty=0 nodejs npm >/dev/null

mkdir -p "$folder"
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    nbconvert==7.17.2 ipykernel==7.4.0 manim-slides==5.7.0
npm install --silent --no-audit --no-fund --prefix "$folder" reveal.js@6.0.2 html-validate@10
