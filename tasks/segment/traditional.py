"""A page in traditional characters: segmented as if it were written in simplified ones, and its articles given back as written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tasks.normalise import NormalText
from tasks.normalise.traditional import Script, in_simplified

#: What a row of ``NORMALISED_PAGES`` says in words beside its text, and where a draft holds words of the page.
_SAID = ("newspaper", "headline", "byline")
_WORDED = ("headline", "subheadline", "kicker", "source", "dateline_place")
_LISTED = ("reporters", "correspondents", "keywords")


def converted(row: Mapping[str, Any], text: str, plain: str) -> tuple[dict[str, Any], Script]:
    """``row`` in simplified characters, and how it writes them; ``plain`` is its normalised ``text`` so."""
    said = {name: row[name] for name in _SAID if row.get(name)}
    script = Script("\n".join([text, *said.values()]), "\n".join([plain, *map(in_simplified, said.values())]))
    return {**row, **{name: in_simplified(words) for name, words in said.items()}}, script


def as_written(drafts: Sequence[dict[str, Any]], newspaper: str | None, normal: NormalText, script: Script) -> None:
    """Put the page's own characters back into drafts that were read in simplified ones."""
    own = dict(zip(normal.offsets, normal.text, strict=True))
    for draft in drafts:
        draft["newspaper"] = newspaper
        draft["body"] = "".join(own.get(place, char) for char, place in zip(draft["body"], draft["body_offsets"], strict=True))
        draft.update((name, script.written(draft[name])) for name in _WORDED if draft[name])
        draft.update((name, [script.written(words) for words in draft[name]]) for name in _LISTED)
