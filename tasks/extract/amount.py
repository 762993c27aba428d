"""What an amount is."""

from __future__ import annotations

from typing import NamedTuple


class Amount(NamedTuple):
    """One stated amount.

    ``text[start:end] == value_text``: number, unit, and the qualifier words, currency or 每亩 that touch
    them; ``number_start:number_end`` is the number alone.  ``obs_value`` is the magnitude without sign in
    ``unit_measure`` (ISO 4217, UCUM, ``%``, ``pp``, ``bp``, ``index``, ``rank``, ``1``); ``negative`` says that a
    minus sign or 负 stands before it; of a ``multiple`` it is the number of times.  ``kind`` is money, physical,
    percent, pp, bp, count, rank, index, multiple, duration or bare.  ``range_side`` marks the two ends of a
    range; ``weak`` what the guideline calls optional or what is often a figure of speech.
    """

    start: int
    end: int
    value_text: str
    obs_value: float
    unit_measure: str
    unit_text: str
    kind: str
    qualifier: str
    range_side: str | None
    weak: bool
    number_start: int
    number_end: int
    negative: bool
