"""The decks, read by python-pptx and opened by LibreOffice Impress."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from pptx import Presentation
from pptx.oxml.ns import qn

from studio.publish.clip import Publication, PublishError, RenderedClip
from studio.publish.powerpoint import beats_deck, clips_deck
from tests.studio.publish.conftest import BEATS, HOSTILE, SIZE

IMPRESS = shutil.which("soffice")


def shape(slide):
    """The video on a slide."""
    (video,) = [each for each in slide.shapes if each._element.tag == qn("p:pic")]
    return video


def test_a_slide_per_clip_and_a_slide_per_beat(publication: Publication) -> None:
    assert len(clips_deck(publication).slides) == len(publication.clips)
    assert len(beats_deck(publication).slides) == sum(len(clip.beats) for clip in publication.clips)


def test_a_video_fills_its_slide_and_says_what_it_shows(publication: Publication) -> None:
    deck = clips_deck(publication)
    assert deck.slide_width / deck.slide_height == pytest.approx(SIZE[0] / SIZE[1])
    for slide, clip in zip(deck.slides, publication.clips, strict=True):
        video = shape(slide)
        assert (video.left, video.top, video.width, video.height) == (0, 0, deck.slide_width, deck.slide_height)
        assert video._element.nvPicPr.cNvPr.get("descr") == clip.alt
        assert slide.shapes.title.text_frame.text == clip.title
    assert HOSTILE in [slide.shapes.title.text_frame.text for slide in deck.slides]


@pytest.mark.parametrize(("make", "repeats"), [(clips_deck, "indefinite"), (beats_deck, None)])
def test_videos_play_by_themselves_and_clips_go_on(publication: Publication, make, repeats: str | None) -> None:
    for slide in make(publication).slides:
        timing = slide._element.find(qn("p:timing"))
        command = timing.find(f".//{qn('p:cmd')}")
        assert command.get("cmd") == "playFrom(0.0)"
        assert command.find(f".//{qn('p:spTgt')}").get("spid") == str(shape(slide).shape_id)
        node = timing.find(f".//{qn('p:cMediaNode')}/{qn('p:cTn')}")
        assert node.get("repeatCount") == repeats
        ids = [each.get("id") for each in timing.iter(qn("p:cTn"))]
        assert len(set(ids)) == len(ids)


def test_captions_are_the_notes(publication: Publication) -> None:
    slides = list(beats_deck(publication).slides)
    notes = [slide.notes_slide.notes_text_frame.text for slide in slides[: len(BEATS)]]
    assert notes == [f"Caption {i} of A moving ball." for i in (1, 2, 3)]


def test_a_video_powerpoint_cannot_play_is_refused(clip: RenderedClip) -> None:
    clip.video.rename(clip.folder / "ball.webm")
    with pytest.raises(PublishError, match=r"PowerPoint plays mp4, not \.webm"):
        clips_deck(Publication(None, (RenderedClip.read(clip.folder),)))


def test_the_lecture_starts_with_its_title(site: Path, publication: Publication) -> None:
    slides = list(Presentation(site / "slides" / "lecture.pptx").slides)
    assert len(slides) == 1 + sum(len(clip.beats) for clip in publication.clips)
    assert slides[0].shapes.title.text_frame.text == "Ball & <b>bounce</b>"


@pytest.mark.skipif(not IMPRESS, reason="LibreOffice Impress is not installed")
def test_impress_opens_the_deck_with_its_videos_and_draws_the_posters(site: Path, tmp_path: Path) -> None:
    import numpy as np
    from PIL import Image

    from tests.studio.publish.conftest import FRAMES, number

    def convert(kind: str) -> None:
        profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
        command = [IMPRESS, profile, "--headless", "--convert-to", kind, "--outdir", str(tmp_path)]
        subprocess.run(
            [*command, str(site / "powerpoint" / "clips.pptx")], check=True, capture_output=True, timeout=120
        )

    convert("odp")
    with zipfile.ZipFile(tmp_path / "clips.odp") as odp:
        videos = [name for name in odp.namelist() if name.endswith(".mp4")]
        content = odp.read("content.xml").decode()
    assert videos
    assert content.count("<draw:plugin") == 4
    assert content.count('anim:command="play"') == 4
    assert "An insight of A moving ball." in content
    convert("png")  # the first slide
    picture = np.asarray(Image.open(tmp_path / "clips.png").convert("RGB"))
    assert number(picture) == FRAMES - 1, "the poster, which is the last frame, fills the slide"
