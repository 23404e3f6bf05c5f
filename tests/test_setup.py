"""The set-up script where it cannot help: one clear sentence and nothing half-done."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from studio.clip import PROJECT

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the set-up script is for POSIX shells")


@pytest.fixture
def bare_machine(tmp_path: Path) -> Path:
    """A folder of programs for PATH: a shell and little else; the user is not an administrator."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("sh", "uname", "cat", "env"):
        (programs / name).symlink_to(shutil.which(name))
    (programs / "id").write_text("#!/bin/sh\necho 1000\n")
    (programs / "id").chmod(0o755)
    return programs


def set_up(programs: Path, venv: Path) -> subprocess.CompletedProcess:
    return subprocess.run(
        [shutil.which("sh"), str(PROJECT / "tools" / "setup.sh"), str(venv), str(PROJECT / "requirements.lock")],
        env={"PATH": str(programs)}, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip


def test_missing_libraries_without_rights_are_one_clear_sentence(bare_machine: Path, tmp_path: Path) -> None:
    result = set_up(bare_machine, tmp_path / "venv")
    assert result.returncode == 1
    (line,) = result.stderr.strip().splitlines()
    assert line.startswith("Set-up stopped: Cairo, Pango, pkg-config or a C compiler is missing; ")
    assert "libcairo2-dev" in line
    assert not (tmp_path / "venv").exists()


def test_missing_python_is_one_clear_sentence(bare_machine: Path, tmp_path: Path) -> None:
    for name in ("cc", "pkg-config"):
        (bare_machine / name).write_text("#!/bin/sh\nexit 0\n")
        (bare_machine / name).chmod(0o755)
    result = set_up(bare_machine, tmp_path / "venv")
    assert result.returncode == 1
    (line,) = result.stderr.strip().splitlines()
    assert "no Python 3.11 or newer with venv and headers was found" in line


def test_the_lock_file_pins_and_hashes_everything_and_names_no_host() -> None:
    lock = (PROJECT / "requirements.lock").read_text()
    assert "://" not in lock
    pinned = [line for line in lock.splitlines() if "==" in line and not line.startswith((" ", "#"))]
    assert len(pinned) > 30
    assert lock.count("--hash=sha256:") >= len(pinned)
    assert "manim==0.22.0" in lock
