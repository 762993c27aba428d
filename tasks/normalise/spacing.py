"""Stray spaces: which spaces of a line are meant, and which the justification of print left.

A meant space parts two phrases of a headline, a role from a name in a byline, a dateline from the
first sentence.  All others go: those between characters of letter-spaced lines, beside Chinese
punctuation, between characters and digits, inside numbers.
"""

from __future__ import annotations

import re

from tasks.normalise.characters import DROPPED

#: Stands for a run of two spaces or more while the spaces of its line are judged.
GAP = "\x01"

_HAN = "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_PUNCT = "\u2014\u2018\u2019\u201c\u201d\u2026\u3001-\u3003\u3008-\u3011\u3014-\u301b\uff01\uff08\uff09\uff0c\uff1a\uff1b\uff1f\uff5e"

_RUN = re.compile(" {2,}")
# A letter alone between spaces: the trace of letter-spacing.
_ALONE = re.compile(rf"(?<![^ ])[{_HAN}\d.%](?![^ {_PUNCT}])")
_SENTENCE_MARK = re.compile("[，。；、（）]")

# Each pattern below begins with the space it judges and looks around from there.
_SPACE = rf"(?<!^)[ {GAP}]"
_BEFORE = rf"(?=[{_PUNCT}]|$)"
_AFTER = rf"(?<=[{_PUNCT}][ {GAP}])"
_IN_NUMBER = r"(?<=\d )(?=[%‰.,]|[.,]\d)|(?<=\d[.,] )(?=\d)"
_BY_DIGIT = rf"(?<=[{_HAN}] )(?=[\dA-Za-z.+%(])|(?<=[\dA-Za-z%‰℃)+] )(?=[{_HAN}])"
# Without sentence punctuation about, a space between two longer phrases is meant even before a number or after a percentage.
_PHRASES = rf"(?<=[^ ]{{4}}[^至到和第约近超达共前 ] )(?=[^ ]{{5}})|(?<=[^ ]{{4}}% )(?=[{_HAN}]{{3}})"

_LETTER_SPACED = re.compile(rf"{_SPACE}(?:{_BEFORE}|{_AFTER})|(?<!^) (?:(?<![A-Za-z]{{2}} )|(?![A-Za-z]{{2}}))")
_RUNNING = re.compile(rf"{_SPACE}(?:{_BEFORE}|{_AFTER}|{_IN_NUMBER}|{_BY_DIGIT})")
_TITLE = re.compile(rf"{_SPACE}(?:{_BEFORE}|{_AFTER}|{_IN_NUMBER}|(?!{_PHRASES})(?:{_BY_DIGIT}))")


def mark_gaps(text: str) -> str:
    """``text`` with each run of spaces as dropped characters and one ``GAP``."""
    return _RUN.sub(lambda run: DROPPED * (len(run.group()) - 1) + GAP, text)


def mark_stray(text: str) -> str:
    """``text`` with its stray spaces marked as dropped; a leading space, the trace of an indent, stays."""
    return "\n".join([_mark_line(line) if " " in line or GAP in line else line for line in text.split("\n")])


def _mark_line(line: str) -> str:
    alone = len(_ALONE.findall(line))
    if alone >= 3 and alone * 3 >= line.count(" "):
        stray = _LETTER_SPACED
    else:
        line = line.replace(GAP, " ")
        stray = _RUNNING if _SENTENCE_MARK.search(line) else _TITLE
    return stray.sub(DROPPED, line).replace(GAP, " ")
