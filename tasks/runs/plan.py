"""What a run has to do: what the input holds against what the ``pages`` table says was done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tasks.corrections import Correction, digest, of_pages
from tasks.ingest import PASSING, RejectedInput, Source
from tasks.ingest.batch import input_id
from tasks.ingest.facts import Facts
from tasks.ingest.objects import Checksums, Object
from tasks.logic import logic_version
from tasks.publish.places import Output
from tasks.publish.survey import Known, survey
from tasks.runs.checksums import load_checksums
from tasks.s3 import ahead

#: Why a file is worked on.
WHY = {
    "new": "not seen before",
    "changed": "another content, or other options, sidecar or corrections",
    "logic": "read by another version of the logic",
    "again": "could not be read last time for a reason that may pass",
    "asked": "asked for (--full)",
}
#: So many files of each kind are named.
NAMED = 5


@dataclass(slots=True)
class Plan:
    """Files to work on with why, how many are up to date, and files of the tables that the input no longer holds."""

    todo: list[tuple[Source, str]] = field(default_factory=list)
    same: int = 0
    gone: dict[str, list[str]] = field(default_factory=dict)  #: URI → days that hold rows of it
    before: dict[str, list[str]] = field(default_factory=dict)  #: the same of the files to work on
    checksums: Checksums = field(default_factory=dict)  #: of objects in buckets that were read before, or now

    @property
    def sources(self) -> list[Source]:
        return [source for source, _ in self.todo]

    def counts(self) -> dict[str, int]:
        return {**Counter(why for _, why in self.todo), "same": self.same, "gone": len(self.gone)}

    def text(self, prune: bool) -> str:
        """The plan in a few lines."""
        lines = [f"{len(self.todo)} of {len(self.todo) + self.same} files to work on, {self.same} up to date"]
        for why, words in WHY.items():
            lines += _listed(why, words, [source.uri for source, reason in self.todo if reason == why])
        words = "no longer in the input: " + ("their rows will be taken away" if prune else "their rows stay (--prune takes them away)")
        return "\n".join(lines + _listed("gone", words, list(self.gone)))


def make_plan(
    sources: Sequence[Source],
    output: Output,
    given: Facts = Facts(),
    *,
    corrections: Sequence[Correction] = (),
    full: bool = False,
    folders: Sequence[str] = (),
) -> Plan:
    """Compare the sources with the tables.

    ``folders``: URIs of the input folders, each with ``/`` at its end: files of the tables under them that are no
    source any longer are ``gone``.  A file is read (for its checksum) only where the tables know it and today's logic read it.
    """
    for_files = of_pages(corrections)
    for source in sources:
        own = for_files.get(source.uri, [])
        source.given, source.expects = digest(own), tuple(sorted({correction.page for correction in own}))
    uris = {source.uri for source in sources}
    known = survey(output, uris, folders)
    plan, version = Plan(), logic_version()
    if not full:
        plan.checksums = _identified([source for source in sources if isinstance(source, Object) and source.uri in known], output)
    for source in sources:
        why = "asked" if full else _why(source, known.get(source.uri), given, version)
        if why:
            plan.todo.append((source, why))
            if source.uri in known:
                plan.before[source.uri] = sorted(known[source.uri].days)
        else:
            plan.same += 1
    plan.gone = {uri: sorted(found.days) for uri, found in known.items() if uri not in uris and not _hidden(uri, uris)}
    return plan


def _identified(objects: Sequence[Object], output: Output) -> Checksums:
    """Find objects' checksums: as saved for the same ETag, or else from their content, several at a time."""
    found: Checksums = {}
    saved = load_checksums(output.checksums) if objects else {}
    for source in objects:
        source.recall(saved)
    for source in ahead(Object.identify, objects):
        found.update(source.checksums())
    return found


def _why(source: Source, known: Known | None, given: Facts, version: str) -> str | None:
    """Why a source must be worked on; None where it need not."""
    if known is None:
        return "new"
    if known.logic != {version}:
        return "logic"
    if known.reasons & PASSING or None in known.inputs:
        return "again"
    try:
        return None if known.inputs == {input_id(source, given)} else "changed"
    except (OSError, RejectedInput):
        return "changed"


def _hidden(uri: str, uris: Iterable[str] | Mapping[str, object]) -> bool:
    """Whether a file stands under a folder that could not be listed (which is a source itself): it may well be there."""
    parts = uri.split("/")
    return any("/".join(parts[:end]) in uris for end in range(1, len(parts)))


def _listed(kind: str, words: str, uris: Sequence[str]) -> list[str]:
    if not uris:
        return []
    lines = [f"  {kind:<8} {len(uris):>6}  {words}", *(f"                     {uri}" for uri in uris[:NAMED])]
    return [*lines, f"                     and {len(uris) - NAMED} more"] if len(uris) > NAMED else lines
