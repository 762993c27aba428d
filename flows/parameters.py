"""Parameters of the flows: what each may hold and what it means, said once.

The engine makes its form and its check of these (``prefect deployment run``, the button in the UI), and the command line its help.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, get_args

from pydantic import Field, WithJsonSchema

from tasks.runs import freshness


@dataclass(frozen=True, slots=True)
class Says:
    """What a parameter means, for the schema of a deployment.

    (A ``description`` given to ``Field`` is lost there: prefect puts that of the docstring in its place.)
    """

    text: str

    def __get_pydantic_json_schema__(self, core: Any, handler: Any) -> dict[str, Any]:
        return {**handler(core), "description": self.text}


#: The pattern is for the engine's check, which does not look at formats: what is no day is refused before there is a run.
_Day = Annotated[date, WithJsonSchema({"type": "string", "format": "date", "pattern": r"^\d{4}-\d\d-\d\d$"})]
_Name = Annotated[str, Field(min_length=1, pattern=r"\S")]

Inputs = Annotated[
    list[_Name], Field(min_length=1), Says("Files and folders of pages, also in buckets (s3://…); folders are read recursively.")
]
Output = Annotated[_Name, Says("Folder of the tables; may be in a bucket (s3://…).")]
PublicationDate = Annotated[_Day | None, Says("Publication date of all pages given, e.g. 2023-09-20, whatever they say.")]
Newspaper = Annotated[_Name | None, Says("Newspaper of all pages given, whatever they say.")]
Base = Annotated[_Name | None, Says("Folder that pages are named from in the tables; else the one that holds each input.")]
PagesABatch = Annotated[int, Field(ge=1, le=10_000), Says("Pages that go through the stages together.")]
Full = Annotated[bool, Says("Read all files again, also those that are up to date.")]
Prune = Annotated[bool, Says("Take away rows of files that the input folders no longer hold.")]
Corrections = Annotated[_Name | None, Says("File of reviewed corrections of rows, dates and headlines.")]
Wait = Annotated[float, Field(ge=0), Says("Seconds to wait for another run over the same output to end.")]
Workers = Annotated[int | None, Field(ge=0, le=1024), Says("Processes that read pages; else one for each core (0: none apart, to debug).")]
Scheduler = Annotated[_Name | None, Says("Address of a Dask scheduler whose workers read the pages, e.g. tcp://host:8786.")]
Only = Annotated[list[_Name] | None, Says("Names (source_uri) of the files to read, whether they changed or not; else all.")]
Staging = Annotated[_Name | None, Says("Folder of this machine for work under way; else in the output, or that of temporary files.")]

Day = Annotated[_Day | None, Says("The day to look at, e.g. 2023-09-01; else the last one whose pages are due.")]
Usual = Annotated[freshness.Usual, Says("By when a newspaper is due, and from when on it is thin; learnt from its last weeks.")]

StartDate = Annotated[_Day | None, Says("First day to read again, e.g. 2023-09-01; else from the earliest on.")]
EndDate = Annotated[_Day | None, Says("Last day to read again, itself included; else up to the latest.")]
Newspapers = Annotated[list[_Name] | None, Says("Newspapers to read again, by the names that the tables have; else all.")]
Everything = Annotated[bool, Says("Read all days of all newspapers again: to be asked for by name.")]


def said(kind: object) -> str:
    """What a parameter means, as a clause for the help of a command."""
    (text,) = (part.text for part in get_args(kind) if isinstance(part, Says))
    return text[0].lower() + text[1:].removesuffix(".")
