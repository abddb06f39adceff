"""The loader gives typed frames with the values of the CSV files, and imports nothing heavy until it is used."""

from __future__ import annotations

import ast
import csv
import doctest
import importlib
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

import pandas as pd
import polars as pl
import pytest
from conftest import REPOSITORY
from loadersite import OFFLINE, SOURCE, make_site, run_there

import russia_dprk_claims as rdc
from russia_dprk_claims.contract import Contract, Field
from russia_dprk_claims.errors import ClaimsError, DamagedDataError, UnknownNameError
from russia_dprk_claims.frames import frame
from russia_dprk_claims.loading import TableName
from russia_dprk_claims.package import Package, data_path, installed, open_package

REAL_TABLES = get_args(TableName)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The loader alone, as pip installs it."""
    return make_site(tmp_path_factory.mktemp("site"))


# The package


def test_importing_it_imports_neither_pandas_nor_other_modules(site: Path) -> None:
    program = "import sys; import russia_dprk_claims; print(sorted(each for each in sys.modules if 'pandas' in each "
    done = run_there(site, program + "or each.startswith('russia_dprk_claims')))")
    assert (done.returncode, done.stdout) == (0, "['russia_dprk_claims']\n")


def test_everything_works_offline_with_the_loader_alone(site: Path) -> None:
    program = (
        f"{OFFLINE}import json, russia_dprk_claims as rdc\n"
        "print(json.dumps([len(rdc.load(each)) for each in rdc.tables()] + [len(rdc.estimates()), len(rdc.conflicts()),"
        " len(rdc.claims(actor='Russia')), rdc.agreement('AGR-arms-for-aid').status,"
        " rdc.attribution('SRC-0005-C002'), repr(rdc.describe('claims.modality')), rdc.cite(), rdc.__version__,"
        " rdc.path('claims').parent.parent.name, rdc.datapackage()['name'], list(rdc.versions())]))"
    )
    done = run_there(site, program)
    assert done.stderr == ""
    assert json.loads(done.stdout) == [
        *(len(rdc.load(each)) for each in rdc.tables()),
        *(len(rdc.estimates()), len(rdc.conflicts()), len(rdc.claims(actor="Russia"))),
        *(rdc.agreement("AGR-arms-for-aid").status, rdc.attribution("SRC-0005-C002")),
        *(repr(rdc.describe("claims.modality")), rdc.cite(), rdc.__version__),
        *("_data", "russia-dprk-claims", list(rdc.versions())),
    ]


def test_type_checkers_see_the_names_that_exist_at_run_time() -> None:
    tree = ast.parse((SOURCE / "__init__.py").read_text(encoding="utf-8"))
    names = {
        alias.asname: node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("russia_dprk_claims")
        for alias in node.names
        if alias.asname
    }
    assert names == {name: f"russia_dprk_claims.{module}" for name, module in rdc._MODULES.items()}
    assert set(rdc.__all__) == {"__version__", *names} <= set(dir(rdc))


def test_no_module_has_the_name_of_a_public_function() -> None:
    # Importing a module puts it into its package, in the place of whatever has its name there.
    assert not {each.stem for each in SOURCE.iterdir()} & set(rdc._MODULES)


def test_an_unknown_attribute_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'russia_dprk_claims' has no attribute 'laod'"):
        _ = rdc.laod  # type: ignore[attr-defined]


def test_the_version_is_that_of_the_data() -> None:
    assert rdc.__version__ == json.loads((REPOSITORY / "datapackage.json").read_text("utf-8"))["version"]


def test_the_type_of_table_names_has_the_tables_of_the_contract(contract: Contract) -> None:
    assert REAL_TABLES == tuple(contract.tables) == rdc.tables()


def test_a_type_checker_knows_the_names(tmp_path: Path) -> None:
    program = tmp_path / "reader.py"
    program.write_text(
        "import russia_dprk_claims as rdc\n"
        'rdc.load("claims")\n'
        'rdc.load("claim")\n'
        'rdc.load("claim", version="1.0.0")\n'
        "for name in rdc.tables():\n    rdc.load(name)\n"
        'rdc.cite(style="apa")\n'
        "rdc.laod\n"
        "reveal_type(rdc.__version__)\n",
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "mypy", "--config-file", str(REPOSITORY / "pyproject.toml"), str(program)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=REPOSITORY)
    found = re.findall(r"reader\.py:([0-9]+): (error|note): (?!Possible|    )(.*)", done.stdout)
    assert [(line, kind) for line, kind, _ in found] == [("3", "error"), ("7", "error"), ("8", "error"), ("9", "note")]
    assert found[-1][2] == 'Revealed type is "str"'


@pytest.mark.parametrize("path", sorted(SOURCE.glob("*.py")), ids=lambda path: path.stem)
def test_the_examples_of_the_docstrings_run(path: Path) -> None:
    module = importlib.import_module(f"russia_dprk_claims.{path.stem}".removesuffix(".__init__"))
    assert doctest.testmod(module, optionflags=doctest.NORMALIZE_WHITESPACE).failed == 0


# The frames


def dtype_of(field: Field) -> str:
    """Return the dtype that the docs promise for a column."""
    if field.enum:
        return "category"
    promised = {"integer": "Int64", "number": "Float64", "boolean": "boolean", "date": "datetime64[s]"}
    return promised.get(field.type, "string")


@pytest.mark.parametrize("name", REAL_TABLES)
def test_every_column_has_the_type_that_the_contract_gives(name: Any, contract: Contract) -> None:
    rows = rdc.load(name)
    fields = contract[name].fields
    assert {column: str(dtype) for column, dtype in rows.dtypes.items()} == {
        each.name: dtype_of(each) for each in fields
    }
    for each in fields:
        if each.enum:
            assert rows[each.name].cat.categories.tolist() == list(each.order or each.enum)
            assert rows[each.name].cat.ordered == bool(each.order)


def test_the_loader_and_the_checks_give_every_cell_the_same_value(contract: Contract) -> None:
    from russia_dprk_claims.checks.frames import typed_cell

    for table in contract:
        rows = rdc.load(table.name)  # type: ignore[call-overload]
        texts = pl.read_csv(REPOSITORY / data_path(table.name), infer_schema=False)
        typed = texts.select(typed_cell(each) for each in table.fields)
        for column in table.columns:
            ours = [None if pd.isna(cell) else cell for cell in rows[column].tolist()]
            days = [each.date() if isinstance(each, pd.Timestamp) else each for each in ours]
            assert days == typed[column].to_list(), f"{table.name}.{column}"


@pytest.mark.parametrize(
    ("type_", "text"),
    [
        *(("integer", each) for each in ("+1", " 1", "1_000", "01", "1\n", "\uff11", "1.0", "-0")),
        *(("number", each) for each in ("1.0", ".5", "1e3", "nan", "inf", "1,5")),
        *(("boolean", each) for each in ("True", "1", "yes")),
        *(("date", each) for each in ("2024-1-2", "20240102", "2024-02-30", "2024-01-01T00:00")),
    ],
)
def test_a_value_can_be_written_in_one_way_only(type_: str, text: str, contract: Contract) -> None:
    field = replace(contract["claims"].by_name["note"], type=type_)
    with pytest.raises(ValueError, match=f"^{re.escape(repr(text))} is not "):
        field.parse(text)


def as_written(value: Any, field: Field) -> str:
    """Return the text that a value has in a CSV file."""
    if pd.isna(value):
        return ""
    if field.type == "boolean":
        return "true" if value else "false"
    if field.type == "date":
        return str(value.date())
    if field.type == "number":
        return format(Decimal(repr(float(value))).normalize(), "f")
    return str(value)


@pytest.mark.parametrize("name", REAL_TABLES)
def test_every_cell_has_the_value_of_the_file(name: Any, contract: Contract) -> None:
    rows = rdc.load(name)
    with rdc.path(name).open(encoding="utf-8", newline="") as file:
        written = list(csv.reader(file))[1:]
    fields = contract[name].fields
    read = [
        [as_written(value, each) for value, each in zip(row, fields, strict=True)]
        for row in rows.itertuples(index=False)
    ]
    assert read == written


def test_each_call_gives_a_frame_of_its_own() -> None:
    rows = rdc.load("actors")
    rows["name"] = "changed"
    assert "changed" not in set(rdc.load("actors")["name"])
    rdc.datapackage().clear()
    assert rdc.datapackage()


def test_changing_an_answer_does_not_change_the_next() -> None:
    questions: list[Callable[[], pd.DataFrame]] = [
        *(rdc.estimates, rdc.conflicts, lambda: rdc.claims(actor="Russia"), lambda: rdc.load("claims")),
        *(lambda: rdc.agreement("AGR-arms-for-aid").transfers, lambda: rdc.agreement("AGR-arms-for-aid").claims),
    ]
    for ask in questions:
        first, again = ask(), ask()
        for name in first.columns:
            first.loc[:, name] = None
            first.isetitem(first.columns.get_loc(name), 0)
        pd.testing.assert_frame_equal(ask(), again)


def test_the_installed_package_is_read_once() -> None:
    assert installed() is installed()
    assert installed().contract is installed().contract


BOATS: list[dict[str, Any]] = [
    {"name": "boat_id", "type": "string", "constraints": {"required": True}},
    {"name": "name", "type": "string"},
    {"name": "crew", "type": "integer"},
    {"name": "length", "type": "number"},
    {"name": "afloat", "type": "boolean"},
    {"name": "built", "type": "date"},
    {
        "name": "size",
        "type": "string",
        "constraints": {"enum": ["large", "small"]},
        "ordered": ["small", "large"],
        "definitions": {"large": "Large.", "small": "Small."},
    },
]
ROWS = "B1,NA,9007199254740993,4.5,true,0987-02-28,small\nB2,,,,,,\nB3,null,0,0,false,2024-02-29,large\n"
HEADER = "boat_id,name,crew,length,afloat,built,size\n"


@pytest.fixture
def boats(tmp_path: Path) -> Package:
    """A release with one small table that has every type."""
    fields = [{"title": "x", "description": "x.", "example": "x", **each} for each in BOATS]
    schema = {"name": "boats", "title": "Boats", "description": "Boats.", "fields": fields, "primaryKey": ["boat_id"]}
    package = {"name": "boats", "version": "1.0.0", "resources": [{"name": "boats", "path": "data/boats.csv"}]}
    for folder in ("schemas", "data"):
        (tmp_path / folder).mkdir()
    (tmp_path / "schemas" / "boats.json").write_text(json.dumps(schema), encoding="utf-8")
    (tmp_path / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    (tmp_path / "data" / "boats.csv").write_text(HEADER + ROWS, encoding="utf-8")
    return open_package(tmp_path, "", "mend it")


def test_only_an_empty_cell_is_missing(boats: Package) -> None:
    rows = frame(boats, "boats")
    assert rows["name"].tolist() == ["NA", pd.NA, "null"]
    assert rows.isna().sum().to_dict() == {"boat_id": 0} | dict.fromkeys(list(rows.columns)[1:], 1)


def test_numbers_are_exact_and_days_of_any_year_fit(boats: Package) -> None:
    rows = frame(boats, "boats")
    assert rows.loc[0, "crew"] == 9007199254740993
    assert rows.loc[[0, 2], "length"].tolist() == [4.5, 0.0]
    assert rows.loc[[0, 2], "afloat"].tolist() == [True, False]
    assert [str(each.date()) for each in rows.loc[[0, 2], "built"]] == ["0987-02-28", "2024-02-29"]


def test_an_ordered_vocabulary_can_be_compared(boats: Package) -> None:
    rows = frame(boats, "boats")
    assert rows.loc[rows["size"] > "small", "boat_id"].tolist() == ["B3"]


def test_a_table_without_rows_has_its_types(tmp_path: Path, boats: Package) -> None:
    whole = frame(boats, "boats").dtypes
    (tmp_path / "data" / "boats.csv").write_text(HEADER, encoding="utf-8")
    empty = frame(open_package(tmp_path), "boats")
    assert len(empty) == 0
    assert empty.dtypes.equals(whole)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ("", "the header does not have the columns of the table"),
        (HEADER.replace("crew", "krew"), "the header does not have the columns of the table"),
        (HEADER + "B1,x\n", "line 2: the row has 2 cells, the header 7"),
        (HEADER + "B1,x,1,1,true,2024-01-01,small,more\n", "line 2: the row has 8 cells, the header 7"),
        (HEADER + "B1,x,12x,,,,\n", "row 1: crew: '12x' is not a whole number such as 12"),
        (HEADER + "B1,x,,,,,\nB2,x,,1/2,,,\n", "row 2: length: '1/2' is not a number such as 4800000 or 0.5"),
        (HEADER + "B1,x,,,yes,,\n", "row 1: afloat: 'yes' is not true or false"),
        (HEADER + "B1,x,,,,2024-13-01,\n", "row 1: built: '2024-13-01' is not a day that exists, such as 2024-06-23"),
        (HEADER + "B1,x,,,,,huge\n", "row 1: size: 'huge' is not in its vocabulary"),
        (HEADER + 'B1,"x,,,,,\n', "unexpected end of data"),
    ],
)
def test_a_file_that_does_not_fit_the_contract_is_refused(
    tmp_path: Path, boats: Package, content: str, what: str
) -> None:
    (tmp_path / "data" / "boats.csv").write_text(content, encoding="utf-8")
    with pytest.raises(DamagedDataError) as caught:
        frame(boats, "boats")
    assert str(caught.value) == f"data/boats.csv: {what}; mend it"


def test_a_file_that_is_not_utf_8_is_refused(tmp_path: Path, boats: Package) -> None:
    (tmp_path / "data" / "boats.csv").write_bytes(b"\xff")
    with pytest.raises(DamagedDataError, match=r"data/boats\.csv: 'utf-8' codec can't decode byte 0xff"):
        frame(boats, "boats")


@pytest.mark.parametrize(
    ("path", "content", "message"),
    [
        ("data/boats.csv", None, "data/boats.csv: the file is missing; mend it"),
        ("datapackage.json", None, "datapackage.json: the file is missing; mend it"),
        ("datapackage.json", "{", "datapackage.json: this is not JSON; mend it"),
        ("datapackage.json", "[]", "datapackage.json: this is not the descriptor of a release; mend it"),
        (
            "datapackage.json",
            '{"version": "1.0.0"}',
            "datapackage.json: it names no file for the table 'boats'; mend it",
        ),
        (
            "datapackage.json",
            '{"version": "1.0.0", "resources": [{"name": "boats", "path": "../boats.csv"}]}',
            "../boats.csv: the path points outside the package; mend it",
        ),
    ],
)
def test_an_incomplete_package_is_refused(
    tmp_path: Path, boats: Package, path: str, content: str | None, message: str
) -> None:
    (tmp_path / path).unlink() if content is None else (tmp_path / path).write_text(content, encoding="utf-8")
    with pytest.raises(DamagedDataError) as caught:
        assert boats.version
        frame(boats, "boats")
    assert str(caught.value) == message


def test_a_broken_schema_is_named(tmp_path: Path, boats: Package) -> None:
    (tmp_path / "schemas" / "boats.json").write_text("{}", encoding="utf-8")
    with pytest.raises(DamagedDataError, match=r"^schemas/boats\.json: not a Table Schema of this project"):
        frame(boats, "boats")


def test_an_installation_without_data_gets_an_error_with_a_hint(site: Path, tmp_path: Path) -> None:
    empty = tmp_path / "site"
    shutil.copytree(site, empty)
    shutil.rmtree(empty / "russia_dprk_claims" / "_data")
    done = run_there(
        empty, "import russia_dprk_claims as rdc\ntry: rdc.load('claims')\nexcept Exception as error: print(error)"
    )
    assert done.stdout.endswith(
        "the package: there is no such file or folder; "
        "reinstall the package; in a checkout, run scripts/build.py and restart Python\n"
    )
    done = run_there(empty, "import russia_dprk_claims as rdc; rdc.__version__")
    assert done.stderr.splitlines()[-1].endswith(
        "DamagedDataError: the package: there is no such file or folder; "
        "reinstall the package; in a checkout, run scripts/build.py and restart Python"
    )


# Unknown names, and descriptions


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: rdc.load("claim"), "there is no table 'claim' (did you mean 'claims'?)"),  # type: ignore[call-overload]
        (lambda: rdc.load("Claims"), "there is no table 'Claims' (did you mean 'claims'?)"),  # type: ignore[call-overload]
        (lambda: rdc.path("quantites"), "there is no table 'quantites' (did you mean 'quantities'?)"),  # type: ignore[arg-type]
        (lambda: rdc.describe("claim.modality"), "there is no table 'claim' (did you mean 'claims'?)"),
        (
            lambda: rdc.describe("claims.modalty"),
            "there is no column of claims 'modalty' (did you mean 'modality'?)",
        ),
        (
            lambda: rdc.describe("agreement_parties."),
            "there is no column of agreement_parties '' (one of: actor_id, agreement_id, party_role)",
        ),
        (lambda: rdc.cite("apa"), "there is no style of citation 'apa' (one of: bibtex, cff, csl, text)"),  # type: ignore[arg-type]
    ],
)
def test_an_unknown_name_gets_a_suggestion(call: Any, message: str) -> None:
    with pytest.raises(UnknownNameError) as caught:
        call()
    assert str(caught.value) == message
    assert isinstance(caught.value, LookupError) and isinstance(caught.value, ClaimsError)


def test_every_table_and_column_is_described_as_the_contract_does(contract: Contract) -> None:
    for table in contract:
        described: Any = rdc.describe(table.name)
        assert (described.definition, described.primary_key) == (table.description, table.primary_key)
        assert [each.name for each in described.columns] == list(table.columns)
        for field, column in zip(table.fields, described.columns, strict=True):
            assert rdc.describe(f"{table.name}.{field.name}") == column
            assert (column.definition, dict(column.vocabulary)) == (field.description, dict(field.definitions))
            assert all(value in repr(column) for value in field.enum)


def test_a_description_says_what_a_column_refers_to_and_whether_it_is_a_date() -> None:
    assert repr(rdc.describe("claims.source_id")).splitlines()[2] == "Refers to: sources"
    assert repr(rdc.describe("claims.event_date")).splitlines()[0] == "claims.event_date (EDTF date)"


def test_the_path_is_that_of_the_file_that_is_read() -> None:
    assert all(rdc.path(name) == REPOSITORY / "data" / f"{name}.csv" for name in rdc.tables())
