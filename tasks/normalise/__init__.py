"""normalise: raw text of a page → repaired text, with the way back to the raw page.

Repaired are: width (digits, Latin letters and signs to half width; punctuation in Chinese text to
full width), radicals that stand for characters, invisible characters, and the stray spaces of
justified lines.  Line breaks are kept: they are what segmentation reads the layout from.

Every repair replaces a character by one other or drops it; none adds one.  So each character of
the repaired text has one place in the raw page.
"""

from __future__ import annotations

from array import array
from itertools import compress
from typing import NamedTuple

import numpy as np

from tasks.normalise.characters import DROPPED, ODD, punctuated, repaired
from tasks.normalise.spacing import GAP, mark_gaps, mark_stray

__all__ = ["NormalText", "normalise"]


class NormalText(NamedTuple):
    """Repaired text; ``offsets[i]`` is the index in the raw text of its character ``i``."""

    text: str
    offsets: array[int]


def normalise(raw: str) -> NormalText:
    """Repair ``raw``: see the module.  Linear in the length of ``raw``; any string will do.

    >>> normalise("重 大 项 目 １65 个 ，总 投 资").text
    '重大项目165个，总投资'
    """
    text = punctuated(repaired(raw) if ODD.search(raw) else raw)
    places = array("i", np.arange(len(text), dtype=np.intc).tobytes())
    normal = _without_dropped(NormalText(text, places))
    if "  " in normal.text:
        normal = _without_dropped(normal._replace(text=mark_gaps(normal.text)))
    if " " in normal.text or GAP in normal.text:
        normal = _without_dropped(normal._replace(text=mark_stray(normal.text)))
    return normal


def _without_dropped(normal: NormalText) -> NormalText:
    text, offsets = normal
    if DROPPED not in text:
        return normal
    pieces = text.split(DROPPED)
    if len(pieces) * 16 > len(text):
        return NormalText("".join(pieces), array("i", compress(offsets, map(DROPPED.__ne__, text))))
    kept = array("i")
    at = 0
    for piece in pieces:
        kept += offsets[at : at + len(piece)]
        at += len(piece) + 1
    return NormalText("".join(pieces), kept)
