"""The one source of column names, Arrow types, units, codes and descriptions.

The Parquet schemas, the expectations, the data dictionary (``docs/tables.md``) and the staged
files between tasks are all made from the tables declared here.  Terms are those of SDMX,
ISO 8601, ISO 4217, ISO 3166-1, UCUM and GB/T 2260 wherever one of them has the term.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import pyarrow as pa

#: Version of the tables' shape (names, types and nullability of columns, names of partitions); written into every file's schema metadata.
#: A new one comes with a step in ``tasks/publish/migrations.py``.
SCHEMA_VERSION = 3

MEASURES = ("level", "growth", "change", "contribution", "share", "gap", "rank")
QUALIFIERS = ("exact", "approx", "at_least", "at_most")
STANCES = ("actual", "forecast", "target", "plan")
BASES = ("yoy", "pop", "ytd", "avg")
PAGE_STATUSES = ("published", "empty", "rejected")
DATE_SOURCES = ("correction", "parameter", "sidecar", "path", "document", "masthead", "inferred")

SPAN = pa.struct([pa.field("start", pa.int32()), pa.field("end", pa.int32())])
#: Why a part of a page is in no article.
LEFTOVER_REASONS = {
    "masthead": "the head or foot of the page",
    "editors": "who made the page",
    "contact": "telephone, address, subscription",
    "weather": "the weather",
    "advertisement": "an advertisement or notice",
    "caption": "the words of a picture",
    "headline_alone": "a headline without a body",
    "signature": "an office's name under a notice",
    "small_print": "small print by itself",
    "apart": "a block that belongs to no article",
    "scattered": "a page in too many pieces to be put in order",
    "no_layout": "text that the page's layout does not show",
}
LEFTOVER = pa.struct(
    [
        pa.field("start", pa.int32()),
        pa.field("end", pa.int32()),
        pa.field("reason", pa.string()),
    ]
)
#: A printed line as a PDF shows it: span in the page's text, box in points from the top left,
#: font size in points, and the number of the rule-drawn box that holds it (-1: none).
LAYOUT_LINE = pa.struct(
    [
        pa.field("start", pa.int32()),
        pa.field("end", pa.int32()),
        pa.field("x0", pa.float32()),
        pa.field("y0", pa.float32()),
        pa.field("x1", pa.float32()),
        pa.field("y1", pa.float32()),
        pa.field("size", pa.float32()),
        pa.field("bold", pa.bool_()),
        pa.field("vertical", pa.bool_()),
        pa.field("box", pa.int32()),
    ]
)


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, Arrow type, what it holds, and the codes it may take (if closed)."""

    name: str
    type: pa.DataType
    description: str
    nullable: bool = True
    unit: str | None = None
    codes: tuple[str, ...] | None = None
    example: str | None = None

    def field(self) -> pa.Field:
        metadata = {"description": self.description}
        if self.unit:
            metadata["unit"] = self.unit
        if self.codes:
            metadata["codes"] = " ".join(self.codes)
        return pa.field(self.name, self.type, nullable=self.nullable, metadata=metadata)


@dataclass(frozen=True, eq=False)  # tables are told apart by identity: hashing their columns would cost more than what is cached
class Table:
    """A table: its name, what a row is, its columns, its sort order, and what else helps its readers to skip what they don't need:
    rows to a row group, and columns by which single rows are looked up though the order scatters them."""

    name: str
    description: str
    columns: tuple[Column, ...]
    sort_by: tuple[str, ...] = ()
    group_rows: int = 32_768
    looked_up: tuple[str, ...] = ()

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]

    def column(self, name: str) -> Column:
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"table {self.name} has no column {name}")

    @cache  # noqa: B019 - the tables are module constants
    def arrow(self) -> pa.Schema:
        """The Arrow schema, with descriptions and the version in its metadata."""
        return pa.schema(
            [column.field() for column in self.columns],
            metadata={
                "table": self.name,
                "description": self.description,
                "schema_version": str(SCHEMA_VERSION),
            },
        )

    def from_rows(self, rows: list[dict[str, object]]) -> pa.Table:
        """Rows (dicts keyed by column name; missing keys are null) as an Arrow table."""
        return pa.Table.from_pylist(rows, schema=self.arrow())

    @cache  # noqa: B019
    def empty(self) -> pa.Table:
        return self.arrow().empty_table()


def _text(name: str, description: str, **more: object) -> Column:
    return Column(name, pa.string(), description, **more)  # type: ignore[arg-type]


_PAGE_ID = _text(
    "page_id",
    "Page the row comes from: the first 16 hex digits of the sha256 of the page's content and source URI.",
    nullable=False,
)
_SOURCE_URI = _text("source_uri", "Where the page was read; `#page=N` or `#line=N` names the part of a file.", nullable=False)
_NEWSPAPER = _text("newspaper", "Name of the newspaper; null when neither parameter, path nor page says it.", example="湖南日报")
_PUBLICATION_DATE = Column(
    "publication_date", pa.date32(), "Day the page was published (ISO 8601); null when unknown.", example="2023-09-20"
)
_PUBLICATION_DATE_SOURCE = _text(
    "publication_date_source",
    "How the publication date is known: correction (a reviewed one), parameter, sidecar, path, document (the file's own metadata), masthead, or inferred from the text's own dates.",
    codes=DATE_SOURCES,
)
_PAGE_NO = Column("page_no", pa.int32(), "Number of the page in the issue (版次), from 1.", example="3")
_INPUT_ID = _text(
    "input_id",
    "Fingerprint of what the page was read from: its whole file, and what was given with it (options, sidecar, corrections); null when the file could not be opened.",
)
_REF_AREA = _text("ref_area", "GB/T 2260 six-digit code of the place; 100000 for the whole country.", example="430100")
_REF_AREA_NAME = _text("ref_area_name", "Full name of the place with code `ref_area`.", example="湖南省长沙市")

ARTICLES = Table(
    "articles",
    "One row for each article read off a page.",
    (
        _text("article_id", "Stable identifier: page_id, a dash, and a hash of the article's first words.", nullable=False),
        _PAGE_ID,
        _SOURCE_URI,
        _NEWSPAPER,
        _PUBLICATION_DATE,
        _PUBLICATION_DATE_SOURCE,
        _PAGE_NO,
        Column("position", pa.int32(), "Order of the article on the page, from 1.", nullable=False),
        _text("headline", "Main headline (主题), its lines joined; null when the page holds none."),
        _text("subheadline", "Lines under the main headline (副题), joined."),
        _text("kicker", "Lines over the main headline (引题), or the place label over the column."),
        _text("source", "Who the dateline or byline names as the source.", example="湖南日报"),
        Column("dateline_date", pa.date32(), "Day named in the dateline (ISO 8601).", example="2023-09-19"),
        _text("dateline_place", "Place named in the dateline.", example="长沙"),
        Column("reporters", pa.list_(pa.string()), "Reporters (记者) named in the dateline, byline or signature.", nullable=False),
        Column("correspondents", pa.list_(pa.string()), "Correspondents (通讯员) named there.", nullable=False),
        _REF_AREA,
        _REF_AREA_NAME,
        _text("body", "Text of the article, broken lines joined, one \\n between paragraphs.", nullable=False),
        Column("keywords", pa.list_(pa.string()), "Up to ten words that set the article apart, best first.", nullable=False),
        Column("page_char_start", pa.int32(), "Start of the article's text in the raw page.", nullable=False, unit="character offset"),
        Column(
            "page_char_end",
            pa.int32(),
            "End (exclusive) of the article's text in the raw page; other articles may stand between.",
            nullable=False,
            unit="character offset",
        ),
    ),
    sort_by=("page_id", "position"),
    group_rows=8_192,  # bodies are long
)

INDICATORS = Table(
    "indicators",
    "One row for each stated amount of something: an observation.",
    (
        _text("observation_id", "Stable identifier: article_id, a dash, and a hash of the amount's span and slots.", nullable=False),
        _text("article_id", "Article whose body states the amount.", nullable=False),
        _PAGE_ID,
        _SOURCE_URI,
        _NEWSPAPER,
        _PUBLICATION_DATE,
        _text("sentence", "The sentence that states the amount.", nullable=False),
        Column("char_start", pa.int32(), "Start of `value_text` in the article's `body`.", nullable=False, unit="character offset"),
        Column("char_end", pa.int32(), "End (exclusive) of `value_text` in the article's `body`.", nullable=False, unit="character offset"),
        Column("page_char_start", pa.int32(), "Start of the amount in the raw page.", nullable=False, unit="character offset"),
        Column("page_char_end", pa.int32(), "End (exclusive) of the amount in the raw page.", nullable=False, unit="character offset"),
        _text("value_text", "The amount as written, stray spaces removed.", nullable=False, example="1958.6亿元"),
        Column(
            "obs_value",
            pa.float64(),
            "The number in the base unit, 万 and 亿 resolved; growth, change, contribution and gap are negative where the text says fall or less, and 下降5% is -5.",
            nullable=False,
            unit="unit_measure",
            example="195860000000",
        ),
        _text(
            "unit_measure",
            "ISO 4217 code for money, UCUM code for physical units, % , pp, bp, index, rank, 1 for counts; compounds with a dot or a slash.",
            nullable=False,
            example="CNY",
        ),
        _text("unit_text", "Unit or measure word as written.", example="亿元"),
        _text(
            "indicator", "What is measured, in the text's own words, shortest form that stands alone.", nullable=False, example="进出口总值"
        ),
        _text("indicator_code", "Code of the canonical indicator in the catalogue; null where none fits.", example="TRADE_TOTAL"),
        _REF_AREA,
        _REF_AREA_NAME,
        _text(
            "subject",
            "Company, zone or body measured, when it is not the area itself; also groups of places with no code. Null for the area as a whole: "
            "a total is the row where subject and counterpart_area are null.",
            example="衡阳综保区",
        ),
        _text("counterpart_area", "ISO 3166-1 alpha-2 code of the partner in trade or investment.", example="KR"),
        _text(
            "time_period",
            "SDMX time period: 2022, 2023-08, 2023-Q3, 2022-S1, 2023-09-17, or start/duration as 2023-01-01/P8M.",
            example="2023-01-01/P8M",
        ),
        Column("period_start", pa.date32(), "First day of `time_period`."),
        Column("period_end", pa.date32(), "Last day of `time_period`, inclusive."),
        _text("measure", "What the number says of the indicator.", nullable=False, codes=MEASURES),
        _text(
            "comparison_basis",
            "For growth, change and contribution: yoy, pop, ytd, avg, or the base period as SDMX time period.",
            example="yoy",
        ),
        _text("qualifier", "How exactly the amount is stated.", nullable=False, codes=QUALIFIERS),
        _text("stance", "Whether the amount is fact, forecast, target or plan.", nullable=False, codes=STANCES),
        Column(
            "confidence",
            pa.float64(),
            "Calibrated chance, 0 to 1, that every slot of the row is right.",
            nullable=False,
            unit="probability",
        ),
        Column(
            "indicator_span", SPAN, "Where the body states the indicator's words; null when carried from context.", unit="character offset"
        ),
        Column("period_span", SPAN, "Where the body states the period; null when carried from context.", unit="character offset"),
        Column("area_span", SPAN, "Where the body states the place; null when carried from context.", unit="character offset"),
    ),
    sort_by=("ref_area", "indicator_code", "publication_date", "newspaper", "page_id", "char_start", "observation_id"),
    looked_up=("article_id", "indicator"),
)

PAGES = Table(
    "pages",
    "One row for each page seen, whatever became of it.",
    (
        _PAGE_ID,
        _SOURCE_URI,
        _text("sha256", "SHA-256 of the page's content, in hex.", nullable=False),
        Column("bytes", pa.int64(), "Size of the page's content.", nullable=False, unit="byte"),
        _text("media_type", "IANA media type the content was read as.", example="text/plain"),
        _text("encoding", "Character encoding detected, or null for binary formats.", example="utf-8"),
        _NEWSPAPER,
        _PUBLICATION_DATE,
        _PUBLICATION_DATE_SOURCE,
        _PAGE_NO,
        _text(
            "status",
            "published: has articles; empty: read, nothing to publish; rejected: could not be read or did not pass.",
            nullable=False,
            codes=PAGE_STATUSES,
        ),
        _text("reason", "Reason code of a rejected or empty page.", example="no_text_layer"),
        Column("chars", pa.int32(), "Characters of the raw page, white space apart.", nullable=False, unit="character"),
        Column("articles", pa.int32(), "Articles published from the page.", nullable=False, unit="1"),
        Column("indicators", pa.int32(), "Observations published from the page.", nullable=False, unit="1"),
        Column("quarantined", pa.int32(), "Rows of the page held back in quarantine.", nullable=False, unit="1"),
        Column("interleaved", pa.bool_(), "Whether columns of neighbouring articles were mixed line by line.", nullable=False),
        Column(
            "leftovers",
            pa.list_(LEFTOVER),
            "Spans of the raw page that are in no article, each with its reason: "
            + ", ".join(f"{code} ({said})" for code, said in LEFTOVER_REASONS.items())
            + ".",
            nullable=False,
            unit="character offset",
        ),
        _text("logic_version", "Version of the logic that read the page.", nullable=False),
        _INPUT_ID,
    ),
    sort_by=("source_uri", "page_id"),
)

QUARANTINE = Table(
    "quarantine",
    "One row for each row that failed an expectation and was held back.",
    (
        _text("table", "Table the row was meant for.", nullable=False),
        _text("row_id", "Identifier of the row.", nullable=False),
        _PAGE_ID,
        _SOURCE_URI,
        _text("expectation", "Name of the expectation that failed.", nullable=False),
        _text("expected", "What the expectation asks for, in words.", nullable=False),
        _text("row", "The row as JSON.", nullable=False),
        _text("run_id", "Flow run that held the row back.", nullable=False),
    ),
    sort_by=("table", "row_id", "expectation"),
)

#: Tables that readers use, in the order they are published (`pages` comes last).
PUBLISHED = (ARTICLES, INDICATORS, PAGES)

# ---- staged between tasks -------------------------------------------------------------------

RAW_PAGES = Table(
    "raw_pages",
    "ingest → normalise: the content of each page as read, nothing repaired.",
    (
        *PAGES.columns[:6],
        _INPUT_ID,
        _NEWSPAPER,
        _PUBLICATION_DATE,
        _PUBLICATION_DATE_SOURCE,
        _PAGE_NO,
        _text("reason", "Reason code of a page that could not be read; null for a page that could."),
        _text("text", "Raw text of the page."),
        Column("layout", pa.list_(LAYOUT_LINE), "Printed lines with their boxes and fonts, where the format has them."),
        _text("headline", "Headline that the document itself names (HTML, JSON lines)."),
        _text("byline", "Author line that the document itself names."),
        Column("single_article", pa.bool_(), "Whether the document is one article rather than a page of several.", nullable=False),
    ),
)

NORMALISED_PAGES = Table(
    "normalised_pages",
    "normalise → segment: repaired text and where each of its characters stands in the raw page.",
    (
        *RAW_PAGES.columns,
        _text("normal_text", "Text with width, radicals and stray spaces repaired; line breaks kept."),
        Column("offsets", pa.list_(pa.int32()), "For each character of `normal_text`, its place in `text`."),
    ),
)

ARTICLE_DRAFTS = Table(
    "article_drafts",
    "segment → extract: articles with the place of every character of the body in the raw page.",
    (
        *ARTICLES.columns,
        Column(
            "body_offsets",
            pa.list_(pa.int32()),
            "For each character of `body`, its place in the raw page; -1 for breaks put in.",
            nullable=False,
        ),
    ),
)
