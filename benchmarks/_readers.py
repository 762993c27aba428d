"""One reader over given texts, timed within its own process: ``python -m benchmarks._readers NAME FILE``.

The peers run on the Python of their own environment, so nothing is imported here at first but the standard library.  ``FILE``
is JSON: two lists of articles, ``warm`` and ``texts``, each article a list of body, day of publication (ISO 8601) and area
(GB/T 2260, or null).  Every part of a reader goes over ``warm``, then once over ``texts`` on the clock; the last line printed
is JSON: versions, and for each part CPU seconds, finds, and texts on which it raised.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from datetime import date, datetime
from importlib.metadata import version
from pathlib import Path

Part = Callable[[str, date, "str | None"], int]
"""How many finds there are in a body, published on a day, about an area."""


def finding() -> dict[str, Part]:
    """Amounts, periods and places, as ``extract_text`` finds them before it relates them."""
    from tasks.extract.amounts import find_amounts
    from tasks.extract.periods import find_periods
    from tasks.extract.places import gazetteer

    return {
        "amounts": lambda body, day, area: len(find_amounts(body)),
        "periods": lambda body, day, area: len(find_periods(body, day)),
        "places": lambda body, day, area: len(gazetteer().find(body, area)),
    }


def whole() -> dict[str, Part]:
    """All of extraction."""
    from tasks.extract import extract_text

    return {"observations": lambda body, day, area: len(extract_text(body, day, area))}


def jionlp() -> dict[str, Part]:
    import jionlp as jio

    def times(body: str, day: date, area: str | None) -> int:
        return len(jio.ner.extract_time(body, time_base={"year": day.year, "month": day.month, "day": day.day}))

    def locations(body: str, day: date, area: str | None) -> int:
        return sum(len(places or ()) for places in jio.recognize_location(body).values())

    return {"money": lambda body, day, area: len(jio.ner.extract_money(body)), "time": times, "location": locations}


def recognizers() -> dict[str, Part]:
    import recognizers_suite as suite

    chinese = suite.Culture.Chinese

    def datetimes(body: str, day: date, area: str | None) -> int:
        return len(suite.recognize_datetime(body, chinese, reference=datetime(day.year, day.month, day.day)))

    return {
        "currency": lambda body, day, area: len(suite.recognize_currency(body, chinese)),
        "dimension": lambda body, day, area: len(suite.recognize_dimension(body, chinese)),
        "percentage": lambda body, day, area: len(suite.recognize_percentage(body, chinese)),
        "datetime": datetimes,
    }


READERS: dict[str, tuple[Callable[[], dict[str, Part]], tuple[str, ...]]] = {
    "banmian, finding": (finding, ()),
    "banmian, extract_text": (whole, ()),
    "JioNLP": (jionlp, ("jionlp", "jiojio", "numpy")),
    "recognizers-text-suite": (recognizers, ("recognizers-text-suite", "regex", "emoji")),
}


def main() -> None:
    opened, packages = READERS[sys.argv[1]]
    given = json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))
    warm, texts = ([(body, date.fromisoformat(day), area) for body, day, area in given[kind]] for kind in ("warm", "texts"))
    parts = {}
    for name, part in opened().items():
        _over(part, warm)
        started = time.process_time()
        found, failed = _over(part, texts)
        parts[name] = (time.process_time() - started, found, failed)
    print()
    print(json.dumps({"versions": {package: version(package) for package in packages}, "parts": parts}))


def _over(part: Part, texts: list[tuple[str, date, str | None]]) -> tuple[int, int]:
    found = failed = 0
    for text in texts:
        try:
            found += part(*text)
        except Exception:  # noqa: BLE001 - a fault of its own costs a reader the time until then, and is counted
            failed += 1
    return found, failed


if __name__ == "__main__":
    main()
