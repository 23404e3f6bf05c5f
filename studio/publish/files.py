"""The files alone: every form of a clip, for whoever puts them somewhere we did not think of."""

from __future__ import annotations

from pathlib import Path

from studio.publish.clip import Publication, RenderedClip
from studio.publish.media import Media
from studio.publish.subtitles import side_files
from studio.publish.target import Target, place, place_posters, write_assets, write_text

SAYS = {
    "preview.webp": "preview, animated WebP",
    "preview.gif": "preview, GIF",
    "poster.png": "poster, full size",
    "poster.webp": "poster, WebP",
    "poster-small.webp": "poster, small",
    "captions.vtt": "captions, WebVTT",
    "captions.srt": "captions, SubRip",
    "chapters.vtt": "chapters, WebVTT",
    "chapters.srt": "chapters, SubRip",
    "transcript.html": "transcript with stills",
    "provenance.json": "provenance",
}
VIDEO_SAYS = {".mp4": "video, H.264", ".webm": "video, VP9", ".mov": "video with alpha"}
NEEDS = ("poster_webp", "small_poster", "stills", "beat_clips", "webm", "preview_webp", "preview_gif")


def write(publication: Publication, folder: Path) -> None:
    """A folder per clip."""
    for clip in publication.clips:
        write_clip(clip, folder / clip.name)


def write_clip(clip: RenderedClip, folder: Path) -> None:
    """Every form of one clip."""
    media = Media(clip)
    place(clip.video, folder / clip.video.name)
    place(media.webm, folder / media.webm.name)
    place_posters(clip, folder)
    place(media.small_poster, folder / "poster-small.webp")
    place(media.preview_webp, folder / "preview.webp")
    place(media.preview_gif, folder / "preview.gif")
    place(clip.folder / "provenance.json", folder / "provenance.json")
    for still in media.stills:
        place(still, folder / "stills" / still.name)
    for part in media.beat_clips:
        place(part, folder / "beats" / part.name)
    for name, content in side_files(clip).items():
        write_text(folder / name, content)
    write_assets(folder, ("plain.css",))  # for the transcript


def downloads(clip: RenderedClip) -> dict[str, str]:
    """File name → what it is, for the files of `write_clip` that one downloads."""
    videos = {video.name: VIDEO_SAYS[video.suffix] for video in (clip.video, Media(clip).webm)}
    given = {"poster.png", "poster.webp", "poster-small.webp", "preview.webp", "preview.gif", "provenance.json"}
    given |= set(side_files(clip))
    return videos | {name: says for name, says in SAYS.items() if name in given}


TARGET = Target("files", "every form of each clip: videos, previews, stills, captions, transcript", NEEDS, write)
