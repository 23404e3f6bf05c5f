"""PowerPoint: a slide per clip, and a slide per beat; Impress and Keynote read the same files."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from pathlib import Path

from lxml import etree
from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.oxml.ns import qn
from pptx.presentation import Presentation as Deck
from pptx.slide import Slide
from pptx.util import Emu, Inches

from scenes.stage.theme import Theme
from studio.publish.clip import Publication, PublishError, RenderedClip
from studio.publish.media import Media
from studio.publish.snippets import TYPES
from studio.publish.target import Target

SLIDE_HEIGHT = Inches(7.5)
TITLE_ONLY, TITLE_SLIDE = 5, 0
"""Layouts of python-pptx's own template."""
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest time a zip can carry; every part gets it, so that the same slides are the same bytes."""


def write(publication: Publication, folder: Path) -> None:
    """`clips.pptx`: a slide per clip, looping. `beats.pptx`: a slide per beat, which plays and rests."""
    save(clips_deck(publication), folder / "clips.pptx")
    save(beats_deck(publication), folder / "beats.pptx")


def clips_deck(publication: Publication) -> Deck:
    """A slide per clip; it plays by itself, again and again, until the next slide."""
    deck = new_deck(publication)
    for clip in publication.clips:
        lines = [f"{beat.chapter}: {beat.caption}" if beat.caption else beat.chapter for beat in clip.beats]
        notes = "\n".join([clip.alt, "", *lines])
        add_video(deck, clip, clip.video, Media(clip).poster_png, clip.title, notes, loop=True)
    return deck


def beats_deck(publication: Publication) -> Deck:
    """A slide per beat; each plays once and rests on its last frame, where the next one begins."""
    deck = new_deck(publication)
    add_beats(deck, publication)
    return deck


def add_beats(deck: Deck, publication: Publication) -> None:
    """Add the beats of all clips. The poster is the first frame, so that nothing flashes before it plays."""
    for clip in publication.clips:
        media = Media(clip)
        for beat, video, poster in zip(clip.beats, media.beat_clips, media.openings, strict=True):
            add_video(deck, clip, video, poster, f"{clip.title}: {beat.chapter}", beat.caption, loop=False)


def new_deck(publication: Publication) -> Deck:
    """An empty deck as wide as the first clip is."""
    deck = Presentation()
    width, height = publication.clips[0].size
    deck.slide_height = SLIDE_HEIGHT
    deck.slide_width = Emu(round(SLIDE_HEIGHT * width / height))
    properties = deck.core_properties
    properties.title, properties.author, properties.last_modified_by = publication.title, "", ""
    properties.created = properties.modified = datetime(*EPOCH)
    return deck


def add_title(deck: Deck, title: str, subtitle: str, colors: Theme) -> None:
    """A slide with the lecture's title, in the clips' colours."""
    slide = deck.slides.add_slide(deck.slide_layouts[TITLE_SLIDE])
    _paint_background(slide, colors.background)
    middle = deck.slide_height // 2
    lines = zip(slide.placeholders, (title, subtitle), (colors.text, colors.muted), (-1.5, 0.1), strict=True)
    for shape, text, color, offset in lines:
        shape.left, shape.width = round(deck.slide_width * 0.08), round(deck.slide_width * 0.84)
        shape.top, shape.height = middle + Inches(offset), Inches(1.4)
        shape.text_frame.text = text
        for paragraph in shape.text_frame.paragraphs:
            paragraph.font.color.rgb = RGBColor.from_string(color.removeprefix("#"))


def add_video(
    deck: Deck, clip: RenderedClip, video: Path, poster: Path, title: str, notes: str, *, loop: bool
) -> Slide:
    """A slide filled by a video that plays by itself.

    Raises:
        PublishError: PowerPoint does not play such a video.
    """
    if video.suffix != ".mp4":
        raise PublishError(f"{clip.name}: PowerPoint plays mp4, not {video.suffix}; render the clip as mp4.")
    slide = deck.slides.add_slide(deck.slide_layouts[TITLE_ONLY])
    _paint_background(slide, clip.theme.background)
    # The picture has its title in it; screen readers and the outline get it from above the slide's edge.
    heading = slide.shapes.title
    heading.left, heading.top, heading.width, heading.height = 0, -Inches(1), deck.slide_width, Inches(0.8)
    heading.text_frame.text = title
    left, top, width, height = _fitted(clip.size, (deck.slide_width, deck.slide_height))
    movie = slide.shapes.add_movie(
        str(video), left, top, width, height, poster_frame_image=str(poster), mime_type=TYPES[video.suffix]
    )
    properties = movie._element.nvPicPr.cNvPr
    properties.set("name", title)
    properties.set("descr", notes.partition("\n")[0] or clip.alt)
    _play_at_once(slide, movie.shape_id, loop)
    slide.notes_slide.notes_text_frame.text = notes
    return slide


def _fitted(size: tuple[int, int], room: tuple[int, int]) -> tuple[int, int, int, int]:
    """Left, top, width and height that fill the room without changing the proportions."""
    scale = min(room[0] / size[0], room[1] / size[1])
    width, height = round(size[0] * scale), round(size[1] * scale)
    return (room[0] - width) // 2, (room[1] - height) // 2, width, height


def _paint_background(slide: Slide, color: str) -> None:
    fill = slide.background.fill
    fill.solid()
    fill.fore_color.rgb = RGBColor.from_string(color.removeprefix("#"))


def _play_at_once(slide: Slide, shape_id: int, loop: bool) -> None:
    """Start the video with the slide, and repeat it if asked.

    python-pptx writes the node that gives a video its controls. To it come the start of that node, its repeat
    count, and the effect by which PowerPoint itself says "play automatically": a media call with `playFrom(0.0)`.
    """
    root = slide._element.find(f".//{qn('p:timing')}/{qn('p:tnLst')}/{qn('p:par')}/{qn('p:cTn')}")
    children = root.find(qn("p:childTnLst"))
    node = children.find(f"{qn('p:video')}/{qn('p:cMediaNode')}/{qn('p:cTn')}")
    if loop:
        node.set("repeatCount", "indefinite")
    node.set("id", "9")
    sequence = etree.fromstring(
        f"""<p:seq xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" concurrent="1" nextAc="seek">
<p:cTn id="2" dur="indefinite" nodeType="mainSeq"><p:childTnLst>
<p:par><p:cTn id="3" fill="hold"><p:stCondLst><p:cond delay="indefinite"/>
<p:cond evt="onBegin" delay="0"><p:tn val="2"/></p:cond></p:stCondLst><p:childTnLst>
<p:par><p:cTn id="4" fill="hold"><p:stCondLst><p:cond delay="0"/></p:stCondLst><p:childTnLst>
<p:par><p:cTn id="5" presetID="1" presetClass="mediacall" presetSubtype="0" fill="hold" nodeType="afterEffect">
<p:stCondLst><p:cond delay="0"/></p:stCondLst><p:childTnLst>
<p:cmd type="call" cmd="playFrom(0.0)"><p:cBhvr><p:cTn id="6" dur="1" fill="hold"/>
<p:tgtEl><p:spTgt spid="{shape_id}"/></p:tgtEl></p:cBhvr></p:cmd>
</p:childTnLst></p:cTn></p:par></p:childTnLst></p:cTn></p:par></p:childTnLst></p:cTn></p:par>
</p:childTnLst></p:cTn>
<p:prevCondLst><p:cond evt="onPrev" delay="0"><p:tgtEl><p:sldTgt/></p:tgtEl></p:cond></p:prevCondLst>
<p:nextCondLst><p:cond evt="onNext" delay="0"><p:tgtEl><p:sldTgt/></p:tgtEl></p:cond></p:nextCondLst></p:seq>"""
    )
    children.insert(0, sequence)


def save(deck: Deck, path: Path) -> None:
    """Write the deck with the same bytes for the same slides."""
    raw = io.BytesIO()
    deck.save(raw)
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(raw) as given, zipfile.ZipFile(path, "w") as final:
        for part in given.infolist():
            # Videos and pictures are compressed already.
            is_text = part.filename.endswith((".xml", ".rels"))
            info = zipfile.ZipInfo(part.filename, EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED if is_text else zipfile.ZIP_STORED
            final.writestr(info, given.read(part))


NEEDS = ("beat_clips", "openings")
TARGET = Target("powerpoint", "a .pptx with a slide per clip, and one with a slide per beat", NEEDS, write)
