"""The command called in the tests' own process."""

from __future__ import annotations

import pytest

from flows.cli import main


def fails(capsys: pytest.CaptureFixture[str], code: int, *arguments: object) -> str:
    """Run in this process; the code must be right and stderr one line, which is returned."""
    try:
        got = main([str(argument) for argument in arguments])
    except SystemExit as exit:
        got = int(exit.code or 0)
    said = capsys.readouterr().err
    assert got == code, said
    assert len(said.splitlines()) == 1 and "Traceback" not in said, said
    return said
