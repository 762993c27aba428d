"""Which of the input's files a backfill reads again: those of some newspapers' days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tasks.ingest import RejectedInput, Source
from tasks.ingest.facts import Facts, from_path, from_sidecar
from tasks.ingest.files import InputError
from tasks.publish.places import Output
from tasks.publish.survey import days_published

#: Lines of these files say themselves which day they are of, before the path does.
LINES = (".jsonl", ".jsonl.gz")


@dataclass(frozen=True, slots=True)
class Choice:
    """Newspapers' days.  ``start`` and ``end`` (both included) may be open, no newspapers means all of them.

    Raises ``InputError`` where no day can be in it.
    """

    start: date | None = None
    end: date | None = None
    newspapers: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.start and self.end and self.start > self.end:
            raise InputError(f"the first day, {self.start}, comes after the last, {self.end}")

    def __str__(self) -> str:
        days = f"{self.start or 'the earliest'} to {self.end or 'the latest'}" if self.start or self.end else "any day"
        return f"{days} of {', '.join(self.newspapers) or 'any newspaper'}"

    def holds(self, newspaper: str | None, day: date | None, *, unknown: bool = False) -> bool:
        """Whether a page of that newspaper and day is chosen; ``unknown``: what to say of what is null."""
        dated = self.start is None and self.end is None
        if not dated:
            dated = unknown if day is None else (self.start or day) <= day <= (self.end or day)
        named = not self.newspapers or (unknown if newspaper is None else newspaper in self.newspapers)
        return dated and named


def choose(sources: Sequence[Source], output: Output, given: Facts, choice: Choice) -> list[Source]:
    """The sources that may hold pages of the days chosen; only those known to lie outside are left out.

    A source that was published before is chosen by the days that the ``pages`` table has of it, and by what options,
    sidecar and path say of it.  One never read before is chosen unless options, sidecar and path say that it is of
    another day or newspaper: whose day is known only by reading is read.  Raises ``InputError`` where nothing is chosen.
    """
    known = days_published(output, {source.uri for source in sources})
    chosen = []
    for source in sources:
        told = _told(source, given)
        days = known.get(source.uri)
        if any(choice.holds(*day) for day in days or ()) or choice.holds(*told, unknown=days is None):
            chosen.append(source)
    if not chosen:
        raise InputError(f"no file of the input is of {choice}")
    return chosen


def _told(source: Source, given: Facts) -> tuple[str | None, date | None]:
    """Newspaper and day as far as they are told without reading the source."""
    try:
        sidecar = from_sidecar(source)
    except (RejectedInput, OSError):
        sidecar = Facts()
    path = Facts() if source.uri.lower().endswith(LINES) else from_path(source.uri)
    order = (given, sidecar, path)
    return (
        next((facts.newspaper for facts in order if facts.newspaper), None),
        next((facts.publication_date for facts in order if facts.publication_date), None),
    )
