#!/bin/sh
# Chromium for the tests of published pages. Where it cannot be installed, those tests are skipped and say so.
set -eu
for name in chromium chromium-browser google-chrome; do
    command -v "$name" >/dev/null 2>&1 && exit 0
done
as_root=""
[ "$(id -u)" -eq 0 ] || as_root="sudo -n"
if command -v apt-get >/dev/null 2>&1; then
    echo "Installing Chromium for the tests (350 MB)" >&2
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq &&
        $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
            -o Dpkg::Use-Pty=0 chromium >/dev/null && exit 0
fi
echo "Chromium could not be installed: the tests of published pages will be skipped." >&2
