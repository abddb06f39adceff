"""Kinds of fault that the contract alone finds: values, vocabularies, forms, clean texts, keys and references."""

from __future__ import annotations

import unicodedata

from mutations import Draft, Place, Spot, cells, is_key, kind, narrowed, rows

from russia_dprk_claims.contract import Field, Table

_NOT_SUCH = {
    "ACT": "ACT-nobody-at-all",
    "AGR": "AGR-nothing-at-all",
    "EVT": "EVT-nothing-at-all",
    "ITM": "ITM-nothing-at-all",
    "ORI": "ORI-nothing-at-all",
    "SRC": "SRC-9999",
    "cod": "coder-9999",
}
_COUNTED = "what is left of the rows that belong together does not meet the rule any more"


def _found(rule: str, draft: Draft, place: Place, value: str | None) -> list[Spot]:
    draft.put(place, value)
    return [Spot(rule, place)]


def _is_free_text(_: Table, column: Field) -> bool:
    return column.type == "string" and not column.enum and not column.pattern and not column.is_edtf


def _is_own_text(table: Table, column: Field) -> bool:
    """Return whether a column is a text that nothing else repeats: no key and no name."""
    is_name = table.name == "actors" and column.name == "name"
    return _is_free_text(table, column) and not is_key(table, column) and not is_name


# --- values ----------------------------------------------------------------------------------------------------------


@kind(
    "a required cell is empty",
    cells(lambda table, column: column.required and not is_key(table, column)),
)
def _empty(draft: Draft, place: Place) -> list[Spot]:
    return _found("required", draft, place, None)


@kind(
    "a reference that is required is empty",
    cells(
        lambda table, column: (
            column.required
            and column.name not in table.primary_key
            and any(key.columns == (column.name,) for key in table.foreign_keys)
        )
    ),
)
def _empty_reference(draft: Draft, place: Place) -> list[Spot]:
    return _found("required", draft, place, None)


@kind(
    "a value has lost its last letter",
    cells(lambda table, column: bool(column.enum) and column.name not in table.primary_key),
)
def _off_by_a_letter(draft: Draft, place: Place) -> list[Spot]:
    return _found("vocabulary", draft, place, draft.cell(place)[:-1])


@kind(
    "a value is capitalized",
    cells(lambda table, column: bool(column.enum) and column.name not in table.primary_key),
)
def _capitalized(draft: Draft, place: Place) -> list[Spot]:
    return _found("vocabulary", draft, place, draft.cell(place).capitalize())


_FORMED = cells(lambda table, column: bool(column.pattern) and not is_key(table, column))


@kind("a text with a form goes on in a second line", _FORMED)
def _second_line(draft: Draft, place: Place) -> list[Spot]:
    return _found("pattern", draft, place, draft.cell(place) + "\n")


@kind("a text with a form has a letter that only looks right", _FORMED)
def _look_alike(draft: Draft, place: Place) -> list[Spot]:
    return _found("pattern", draft, place, draft.cell(place)[:-1] + "\N{CYRILLIC SMALL LETTER A}")


def _number(form: str) -> None:
    @kind(
        f"a number is written as {form!a}",
        cells(
            lambda table, column: (
                column.type in {"integer", "number"} and not is_key(table, column) and not column.is_ordinal
            )
        ),
    )
    def _(draft: Draft, place: Place) -> list[Spot]:
        return _found("type", draft, place, form.replace("N", draft.cell(place)))


for each in ("+N", "0N", "N.0", "Ne0", "N_0", "N,0", "N\n", "N\N{ARABIC-INDIC DIGIT TWO}", "N\N{FULLWIDTH DIGIT ONE}"):
    _number(each)


@kind("a truth value is a word", cells(lambda _, column: column.type == "boolean"))
def _boolean(draft: Draft, place: Place) -> list[Spot]:
    return _found("type", draft, place, "True" if place.row % 2 else "no")


@kind("a day does not exist", cells(lambda _, column: column.type == "date"))
def _no_day(draft: Draft, place: Place) -> list[Spot]:
    return _found("type", draft, place, "2023-02-29" if place.row % 2 else "2024-6-23")


@kind(
    "a number is below its minimum",
    cells(lambda table, column: column.minimum is not None and not column.is_ordinal and not is_key(table, column)),
)
def _minimum(draft: Draft, place: Place) -> list[Spot]:
    return _found("minimum", draft, place, "-1")


@kind("a unit does not fit its property", rows("quantities", "unit"))
def _unit(draft: Draft, place: Place) -> list[Spot]:
    return _found("pattern-by", draft, place, "{year}" if draft.row(place)["property"] == "duration" else "a")


@kind("a unit in braces is a plural of two words", rows("quantities", "unit", lambda row: row["property"] == "count"))
def _unit_with_space(draft: Draft, place: Place) -> list[Spot]:
    return _found("pattern", draft, place, "{artillery shells}")


@kind("a text has too many words", cells(lambda _, column: column.max_words is not None))
def _too_long(draft: Draft, place: Place) -> list[Spot]:
    most = draft.contract[place.table].by_name[place.column].max_words or 0
    return _found("max-words", draft, place, " ".join([*draft.cell(place).split(" "), *["word"] * most][: most + 1]))


# --- clean texts -----------------------------------------------------------------------------------------------------


@kind("a text stands for nothing", cells(_is_own_text))
def _null(draft: Draft, place: Place) -> list[Spot]:
    return _found("text-null", draft, place, ("n/a", "None", "NULL", "nan", "-")[place.row % 5])


@kind("a text has a character that cannot be seen", cells(_is_own_text))
def _invisible(draft: Draft, place: Place) -> list[Spot]:
    text = draft.cell(place)
    mark = ("\u200b", "\u3164", "\u202e", "\ufe0f", "\t", "\x85", "\u2800", "\U000e0041")[place.row % 8]
    return _found("text-invisible", draft, place, text[:1] + mark + text[1:])


@kind("a text has a space too many", cells(_is_own_text))
def _space(draft: Draft, place: Place) -> list[Spot]:
    text = draft.cell(place)
    return _found("text-spaces", draft, place, (f" {text}", f"{text} ", f"{text}\u2009x", f"{text}  x")[place.row % 4])


@kind("a letter is put together from two characters", cells(_is_own_text))
def _decomposed(draft: Draft, place: Place) -> list[Spot]:
    return _found("text-nfc", draft, place, draft.cell(place) + unicodedata.normalize("NFD", "é"))


def _is_of_ours(table: Table, column: Field) -> bool:
    return _is_own_text(table, column) and column.text not in {"verbatim", "name"}


@kind("a text of ours has damaged characters", cells(_is_of_ours))
def _garbled(draft: Draft, place: Place) -> list[Spot]:
    damage = ("\ufffd", "â€™", "\ue000", "Ã©", " 🚀")[place.row % 5]
    return _found("text-garbled", draft, place, draft.cell(place) + damage)


@kind("a text of ours has a word in two alphabets", cells(_is_of_ours))
def _two_scripts(draft: Draft, place: Place) -> list[Spot]:
    return _found("text-script", draft, place, draft.cell(place) + (" Rоssia", " ４０", " ѕhells")[place.row % 3])


@kind("a text begins as a formula does", cells(_is_own_text))
def _formula(draft: Draft, place: Place) -> list[Spot]:
    return _found("text-formula", draft, place, "=+-@"[place.row % 4] + draft.cell(place))


# --- keys and references ---------------------------------------------------------------------------------------------


@kind(
    "a row stands twice",
    cells(lambda table, column: column.name == table.primary_key[-1]),
    unique="the row has another value that is unique",
)
def _twice(draft: Draft, place: Place) -> list[Spot]:
    return [Spot("primary-key", draft.repeat(place))]


@kind("two sources have the same text", rows("sources", "text_sha256", lambda row: row["source_id"] != "SRC-0001"))
def _same_text(draft: Draft, place: Place) -> list[Spot]:
    return _found("unique", draft, place, draft.cell(place._replace(row=0)))


def _refers_alone(table: Table, column: Field) -> bool:
    """Whether a column alone refers to one row, and is not the key along which rows nest."""
    nesting = table.nesting.columns if table.nesting else ()
    return column.name not in nesting and any(key.columns == (column.name,) for key in table.foreign_keys)


@kind(
    "a reference leads nowhere",
    cells(_refers_alone),
)
def _dangling(draft: Draft, place: Place) -> list[Spot]:
    value = draft.cell(place)
    nowhere = _NOT_SUCH[value[:3]] + value[8:] if value.startswith("SRC") else _NOT_SUCH[value[:3]]
    return _found("foreign-key", draft, place, nowhere)


@kind(
    "a row nests in one that is not there",
    narrowed(
        cells(
            lambda table, column: (
                bool(table.nesting) and column.name in (table.nesting.columns if table.nesting else ())
            )
        ),
        lambda draft, place: place.table not in {"claims", "quantities", "transfers"},
    ),
    chain_document="the first step that is left is no document",
    chain_reports=_COUNTED,
    chain_contiguous=_COUNTED,
    denial_polarity=_COUNTED,
)
def _orphan(draft: Draft, place: Place) -> list[Spot]:
    value = draft.cell(place)
    nowhere = f"SRC-9999{value[8:]}" if value.startswith("SRC") else _NOT_SUCH[value[:3]]
    return _found("foreign-key", draft, place, nowhere)


def _claims_with_children(draft: Draft) -> list[Place]:
    return rows("claims", "claim_id")(draft)


@kind(
    "a claim is gone, and what nests in it is left",
    _claims_with_children,
    foreign_key="every row that refers to the claim",
    origin_used="its origin is that of no other claim",
)
def _claim_gone(draft: Draft, place: Place) -> list[Spot]:
    claim = draft.cell(place)
    draft.remove("claims", [place.row])
    left = draft.where("claim_attributions", claim_id=claim)
    return [Spot("foreign-key", Place("claim_attributions", index, "claim_id")) for index in left]
