"""What happens with findings: allowed with a reason, merged, outlined, told; and the command line."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from manim import VGroup
from PIL import Image

from scenes.stage.scene import ExplainerScene
from studio.check.report import has_errors, summary, to_lines
from studio.check.rules import RULES
from tests.studio.conftest import Run


def overlapping(scene: ExplainerScene) -> VGroup:
    return VGroup(scene.stage.words("softmax"), scene.stage.number(0.37))


def test_rules_explain_themselves_and_have_ids_of_their_own() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)
    assert all(rule.reason and rule.source and rule.__doc__ for rule in RULES)


def test_a_case_can_be_allowed_with_a_reason(check) -> None:
    def construct(scene: ExplainerScene) -> None:
        allowed = overlapping(scene)
        scene.add(allowed, overlapping(scene).shift([3, 0, 0]))
        scene.allow("text-over-text", allowed, reason="One turns into the other.")
        scene.allow("clip-length", reason="A sample.")
        with scene.beat("Look."):
            pass

    findings = [f for f in check(construct) if f.rule in ("text-over-text", "clip-length")]
    assert [f.allowed for f in findings] == ["One turns into the other.", None, "A sample."]


def test_an_unknown_rule_cannot_be_allowed(check) -> None:
    def construct(scene: ExplainerScene) -> None:
        scene.allow("text-over-txt", reason="A slip.")
        with scene.beat("Look."):
            pass

    (finding,) = (f for f in check(construct) if f.rule == "wrong-allowance")
    assert finding.severity == "error"
    assert "text-over-txt" in finding.message
    assert "text-over-text" in finding.message


def test_a_case_is_not_allowed_without_a_reason(check) -> None:
    def construct(scene: ExplainerScene) -> None:
        scene.allow("clip-length", reason=" ")
        with scene.beat("Look."):
            pass

    found = {f.rule: f for f in check(construct)}
    assert "without a reason" in found["wrong-allowance"].message
    assert found["clip-length"].allowed is None


def test_what_is_allowed_within_a_beat_is_allowed_there_only(check) -> None:
    def construct(scene: ExplainerScene) -> None:
        for number in range(3):
            with scene.beat(f"Step {number}."):
                scene.wait(30)
                if number == 1:
                    scene.allow("beat-length", reason="It is about waiting.")

    found = [(f.beat, f.also_in, f.allowed) for f in check(construct) if f.rule == "beat-length"]
    assert found == [(1, [3], None), (2, [], "It is about waiting.")]


def test_what_stays_wrong_is_told_once_and_outlined_where_it_starts(check, tmp_path: Path) -> None:
    stale = tmp_path / "beat-9.png"
    stale.touch()

    def construct(scene: ExplainerScene) -> None:
        for number in range(3):
            with scene.beat(f"Step {number}."):
                if number == 1:
                    scene.add(overlapping(scene))

    (finding,) = (f for f in check(construct, stills=tmp_path) if f.rule == "text-over-text")
    assert (finding.beat, finding.also_in, finding.number) == (2, [3], 1)
    assert [file.name for file in tmp_path.iterdir()] == ["beat-2.png"]
    pixels = np.asarray(Image.open(tmp_path / "beat-2.png"))
    assert pixels.shape == (540, 960, 3)
    assert (pixels == (255, 0, 80)).all(axis=2).sum() > 100


def test_the_report_names_beat_rule_and_things() -> None:
    base = {"severity": "error", "allowed": None, "number": None, "also_in": [], "beat": 0, "chapter": ""}
    findings = [
        {**base, "rule": "clip-length", "message": "the clip lasts 12 s"},
        {**base, "rule": "idle", "beat": 2, "chapter": "Two", "severity": "warning", "message": "too long"},
        {**base, "rule": "jump", "beat": 2, "chapter": "Two", "number": 1, "message": "it jumps", "also_in": [3, 4, 5]},
        {**base, "rule": "flash", "beat": 2, "chapter": "Two", "allowed": "It is about flashes.", "message": "flashes"},
    ]
    lines = to_lines("sample", findings, Path("out/sample"))
    assert lines[0] == "sample: 2 errors, 1 warning"
    text = "\n".join(lines)
    assert "beat 2, Two" in text
    assert "it jumps (also in beats 3 to 5)" in text
    assert "flashes" not in text
    assert lines[-1].endswith("out/sample")
    assert has_errors(findings)
    assert not has_errors(findings[1:2] + findings[3:])
    assert summary([]) == "nothing found"


def test_many_alike_are_cut_short() -> None:
    one = {"rule": "small-text", "severity": "error", "allowed": None, "number": None, "also_in": [], "beat": 1,
           "chapter": "One", "message": "small"}  # fmt: skip
    lines = to_lines("sample", [one] * 30, Path("out"))
    assert len(lines) < 10
    assert "25 more" in lines[-1]


@pytest.fixture(scope="session")
def spoiled(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small project with a readout moved onto the heading, and what is short about the samples allowed."""
    copy = tmp_path_factory.mktemp("spoiled") / "project"
    shutil.copytree(project, copy)
    for module in ("steady_line", "second_line"):
        scene = copy / "scenes" / "calculus" / f"{module}.py"
        source = scene.read_text(encoding="utf-8")
        source = source.replace(
            "        self.show_line()\n",
            '        self.allow("clip-length", reason="A sample.")\n        self.show_line()\n',
        )
        if module == "second_line":
            source = source.replace("stage.zones.side.center", "stage.zones.title.center")
        scene.write_text(source, encoding="utf-8")
    return copy


def call(project: Path, *arguments: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "render.py", "check", *arguments]
    return subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)


def test_the_command_line_reports_and_its_exit_code_tells(spoiled: Path, tmp_path: Path) -> None:
    command = call(spoiled, "--all", "--stills", str(tmp_path))
    assert command.returncode == 1, command.stderr
    assert "steady-line: nothing found" in command.stdout
    assert "error   text-over-text “Second line” and “height” overlap by" in command.stdout
    assert "beat 2, Along the line" in command.stdout
    assert "text-over-text" in command.stdout
    assert [file.relative_to(tmp_path).as_posix() for file in tmp_path.rglob("*.png")] == ["second-line/beat-2.png"]


def test_a_clean_clip_exits_with_zero_and_json_lists_what_is_allowed(spoiled: Path, tmp_path: Path) -> None:
    command = call(spoiled, "steady-line", "--json", "--theme", "light", "--stills", str(tmp_path))
    assert command.returncode == 0, command.stdout
    (clip,) = json.loads(command.stdout)
    assert clip["explainer"] == "steady-line"
    assert clip["look"]["theme"] == "light"
    assert {f["rule"]: f["allowed"] for f in clip["findings"]}["clip-length"] == "A sample."


def test_user_errors_are_one_sentence(run: Run) -> None:
    command = run("check", "no-such-clip")
    assert command.returncode == 2
    assert command.stderr.startswith("Error: ")
