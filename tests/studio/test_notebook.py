"""The notebook helper, in a real notebook that a real kernel runs."""

from __future__ import annotations

import base64
import io
import re

import av
import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbconvert import HTMLExporter

from studio.clip import PROJECT

OWN = PROJECT / "examples" / "linear-maps" / "my_ideas" / "characteristic_polynomial.py"
LOOK = '{"quality": "l", "fps": 4, "theme": "light"}'


def execute(*cells: str) -> nbformat.NotebookNode:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    client = NotebookClient(notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": PROJECT}})
    client.execute()
    return notebook


@pytest.fixture(scope="module")
def executed(tmp_path_factory: pytest.TempPathFactory) -> nbformat.NotebookNode:
    media = tmp_path_factory.mktemp("media")
    call = f"show({str(OWN)!r}, trace=4, look={LOOK}, media={str(media)!r})"
    return execute(f"from studio.notebook import show\n{call}", call)


def video_in(cell: nbformat.NotebookNode) -> bytes:
    (html,) = [output.data["text/html"] for output in cell.outputs if "text/html" in output.get("data", {})]
    return base64.b64decode(re.search(r"data:video/mp4;base64,([^\"]+)", html).group(1))


def test_one_call_renders_and_shows_a_video_that_plays(executed: nbformat.NotebookNode) -> None:
    with av.open(io.BytesIO(video_in(executed.cells[0]))) as video:
        frame = next(video.decode(video=0))
        assert (frame.width, frame.height) == (854, 480)
        assert frame.to_ndarray(format="rgb24")[:20, :20].min() > 240  # white slides


def test_the_same_call_again_finds_it_rendered(executed: nbformat.NotebookNode) -> None:
    first, second = executed.cells
    assert video_in(first) == video_in(second)
    told = ["".join(output.get("text", "") for output in cell.outputs) for cell in (first, second)]
    assert "done in" in told[0]
    assert "done in" not in told[1]


def test_the_notebook_becomes_a_page_with_the_video_in_it(executed: nbformat.NotebookNode) -> None:
    page, _ = HTMLExporter(template_name="basic").from_notebook_node(executed)
    assert len(re.findall(r"<video controls[^>]* playsinline", page)) == 2


@pytest.mark.parametrize(
    ("call", "words"),
    [
        ("show('atention')", "there is no explainer 'atention'; did you mean attention?"),
        ("show('pca', pionts=3)", "pca has no parameter 'pionts'; did you mean points?"),
        ("show('pca', look={'aspect': '16x9'})", "aspect: '16x9' is not possible"),
    ],
)
def test_a_mistake_is_told_in_the_cell(call: str, words: str) -> None:
    with pytest.raises(CellExecutionError) as caught:
        execute(f"from studio.notebook import show\n{call}")
    assert words in str(caught.value)
