"""How alike two pictures are: structural similarity by FFmpeg's filter, and a picture of the difference."""

from __future__ import annotations

import av
import av.filter
import numpy as np


def ssim(first: np.ndarray, second: np.ndarray) -> float:
    """Structural similarity of two RGB pictures, shape (height, width, 3), uint8: 1 for equal ones.

    Source: Wang, Bovik, Sheikh and Simoncelli (2004), as FFmpeg's `ssim` filter computes it.

    Raises:
        ValueError: when the sizes differ.
    """
    if first.shape != second.shape:
        raise ValueError(f"pictures of different size: {first.shape[1::-1]} and {second.shape[1::-1]}")
    graph = av.filter.Graph()
    height, width, _ = first.shape
    sources = [graph.add_buffer(width=width, height=height, format="gbrp", time_base=1) for _ in range(2)]
    compare, sink = graph.add("ssim"), graph.add("buffersink")
    for index, source in enumerate(sources):
        source.link_to(compare, 0, index)
    compare.link_to(sink)
    graph.configure()
    for source, pixels in zip(sources, (first, second), strict=True):
        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels), format="rgb24")
        frame = frame.reformat(format="gbrp", threads=1)
        frame.pts = 0
        source.push(frame)
    return float(sink.pull().metadata["lavfi.ssim.All"])


def difference(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """First picture, second picture and where they differ (bright), side by side."""
    changed = np.abs(first.astype(int) - second.astype(int)).max(axis=2, keepdims=True)
    shown = np.repeat(np.clip(4 * changed, 0, 255), 3, axis=2).astype(np.uint8)
    return np.concatenate([first, second, shown], axis=1)
