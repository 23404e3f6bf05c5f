#!/bin/sh
# Everything a fresh machine needs: system libraries, a virtual environment, the locked packages.
# Usage: sh tools/setup.sh VENV LOCKFILE        PYTHON=… chooses the interpreter.
set -eu
venv=$1
lockfile=$2

say() { printf '%s\n' "$*" >&2; }
fail() { say "Set-up stopped: $*"; exit 1; }

# pycairo and ManimPango have no Linux wheels: pip compiles them against Cairo and Pango.
missing_libraries() {
    command -v cc >/dev/null 2>&1 || command -v gcc >/dev/null 2>&1 || return 0
    command -v pkg-config >/dev/null 2>&1 || return 0
    pkg-config --exists cairo pangocairo || return 0
    return 1
}

# Prints the first Python that is new enough and can make environments and compile extensions.
usable_python() {
    for candidate in ${PYTHON:-} python3 python3.13 python3.12 python3.11 python3.14; do
        command -v "$candidate" >/dev/null 2>&1 || continue
        "$candidate" - <<'PROBE' 2>/dev/null && { printf '%s' "$candidate"; return 0; }
import ensurepip, os, sys, sysconfig, venv
header = os.path.join(sysconfig.get_path("include"), "Python.h")
sys.exit(not (sys.version_info >= (3, 11) and os.path.exists(header)))
PROBE
    done
    return 1
}

install_with_apt() {
    command -v apt-get >/dev/null 2>&1 || return 1
    if [ "$(id -u)" -eq 0 ]; then
        as_root=""
    elif command -v sudo >/dev/null 2>&1 && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
        as_root="sudo"
    else
        return 1
    fi
    say "Installing system libraries: $*"
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends -o Dpkg::Use-Pty=0 "$@" >/dev/null
}

LIBRARIES="gcc libc6-dev libcairo2-dev libpango1.0-dev pkg-config"
PYTHON_PACKAGES="python3 python3-dev python3-venv"

case "$(uname -s)" in
Darwin) hint="run 'brew install python pkg-config cairo pango' and try again" ;;
*) hint="as administrator, install $LIBRARIES $PYTHON_PACKAGES (Debian and Ubuntu names) and try again" ;;
esac

if missing_libraries; then
    install_with_apt $LIBRARIES || fail "Cairo, Pango, pkg-config or a C compiler is missing; $hint."
    missing_libraries && fail "Cairo or Pango is still missing after installing; $hint."
fi
if ! python=$(usable_python); then
    install_with_apt $PYTHON_PACKAGES || fail "no Python 3.11 or newer with venv and headers was found; $hint."
    python=$(usable_python) || fail "this system's Python is older than 3.11; install a newer one and set PYTHON to it."
fi

[ -x "$venv/bin/python" ] && "$venv/bin/python" -c '' 2>/dev/null || "$python" -m venv --clear "$venv"
say "Installing the locked packages into $venv (about a minute the first time)"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lockfile"
