"""Segments to one file: packets are copied, nothing is coded again."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path

import av

from studio.captions import Cue

MOVFLAGS = {"movflags": "+faststart"}
"""The index at the front: a player starts before the file is whole."""


def join(
    segments: Iterable[bytes], target: Path, fps: int, chapters: Iterable[Cue] = (), sound: Path | None = None
) -> int:
    """Copy segments one after another into `target`; returns the number of frames.

    Args:
        segments: coded files with one video stream each, all of one codec; every packet is one frame.
        target: its suffix says the container.
        chapters: a chapter each.
        sound: a WAV file that becomes the audio track.
    """
    container = target.suffix.removeprefix(".")
    options = MOVFLAGS if container in ("mp4", "mov") else {}
    with av.open(str(target), "w", format=container, options=options) as final:
        final.set_chapters(_chapters(chapters))
        packets = _packets(segments)
        first, template = next(packets)
        stream = final.add_stream_from_template(template, opaque=True)
        if template.codec_context.codec.canonical_name == "hevc":
            stream.codec_context.codec_tag = "hvc1"  # the tag that Apple's players know
        speaker = _Speaker(sound, final) if sound else None
        count = 0
        for packet in _chain(first, packets):
            packet.time_base = Fraction(1, fps)
            packet.pts, packet.dts, packet.duration = count, count, 1
            packet.stream = stream
            final.mux(packet)
            count += 1
            if speaker:
                speaker.speak_until(count / fps)
        if speaker:
            speaker.end()
    return count


def _packets(segments: Iterable[bytes]) -> Iterator[tuple[av.Packet, av.VideoStream]]:
    for segment in segments:
        with av.open(io.BytesIO(segment)) as given:
            stream = given.streams.video[0]
            for packet in given.demux(stream):
                if packet.size:
                    yield packet, stream


def _chain(first: av.Packet, rest: Iterator[tuple[av.Packet, av.VideoStream]]) -> Iterator[av.Packet]:
    yield first
    for packet, _ in rest:
        yield packet


def _chapters(cues: Iterable[Cue]) -> list[dict]:
    return [
        {
            "id": index,
            "start": round(cue.start * 1000),
            "end": round(cue.end * 1000),
            "time_base": Fraction(1, 1000),
            "metadata": {"title": cue.chapter},
        }
        for index, cue in enumerate(cues)
    ]


class _Speaker:
    """Codes a WAV file alongside the pictures."""

    def __init__(self, sound: Path, final: av.container.OutputContainer) -> None:
        self._given = av.open(str(sound))
        self._frames = self._given.decode(audio=0)
        codec = "libopus" if final.format.name == "webm" else "aac"
        self._stream = final.add_stream(codec, rate=48000)
        self._final = final
        self._resampler = av.AudioResampler(format=self._stream.format, layout="stereo", rate=48000)

    def speak_until(self, seconds: float) -> None:
        """Code what is heard before this time, so that sound and picture lie together in the file."""
        for frame in self._frames:
            for part in self._resampler.resample(frame):
                self._final.mux(self._stream.encode(part))
            if frame.time is not None and frame.time > seconds:
                return

    def end(self) -> None:
        """Code the rest."""
        self.speak_until(float("inf"))
        for part in self._resampler.resample(None):
            self._final.mux(self._stream.encode(part))
        self._final.mux(self._stream.encode(None))
        self._given.close()
