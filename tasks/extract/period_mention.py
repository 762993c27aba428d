"""What is known of one expression of time."""

from __future__ import annotations

from typing import NamedTuple


class PeriodMention(NamedTuple):
    """An expression of time: ``text[start:end]``.

    ``time_period`` is SDMX, or None for a time with no stated bounds (近五年, 目前).  ``role``: ``period``
    (the time of what follows), ``base`` (compared with), ``earlier`` (an earlier period that states a value of
    its own), ``publication`` (dates the release only), ``deadline`` (end of a plan or forecast), ``goal`` (dates what the
    plan of a year asks).
    ``form`` is the kind of expression: year, part (of a year), day, end (a day that closes a month or year),
    holiday, years, plan, vague, now, since, ytd, same, ratio (a base of whose value a part is stated).
    ``relative_to`` is the period that a 同期, 当月, 全年 was
    resolved against.  ``comparison_basis_code`` (yoy, pop, ytd) is set on a base, and on an ``earlier`` opened by
    比 or 较; where it is None the ``time_period`` itself is the basis.  Of a span up to now (十年来) it is the year that
    the span began with.
    """

    start: int
    end: int
    text: str
    time_period: str | None
    role: str
    form: str
    relative_to: str | None = None
    comparison_basis_code: str | None = None
