"""docs/LOADER.md says what is so: every example is run in order, in one session, and gives what the page shows.

A version in a result stands for any version, so that a release does not make the page wrong.
"""

from __future__ import annotations

import doctest
import re
from typing import Any

from conftest import REPOSITORY

import russia_dprk_claims as rdc
from russia_dprk_claims import errors
from russia_dprk_claims.releases import read_index

PAGE = (REPOSITORY / "docs" / "LOADER.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
VERSION = re.compile(r"\b[0-9]+[._][0-9]+[._][0-9]+\b|(?<=_)[0-9]+_[0-9]+_[0-9]+(?=,)")


class AnyVersion(doctest.OutputChecker):
    """Compares results but for the version that they name."""

    def check_output(self, want: str, got: str, optionflags: int) -> bool:
        """Return whether a result is the one of the page."""
        return super().check_output(VERSION.sub("X", want), VERSION.sub("X", got), optionflags)


def examples() -> doctest.DocTest:
    """Return the examples of the page as one session, each with its line in the page."""
    lines = []
    inside = False
    for line in PAGE.splitlines():
        fence = line.startswith("```")
        inside = line == "```pycon" if fence else inside
        lines.append("" if fence or not inside else line)
    return doctest.DocTestParser().get_doctest("\n".join(lines) + "\n", {}, "LOADER.md", "docs/LOADER.md", 0)


def test_every_example_gives_what_the_page_shows() -> None:
    import pandas as pd

    said: list[str] = []
    runner = doctest.DocTestRunner(AnyVersion(), verbose=False, optionflags=doctest.ELLIPSIS)
    with pd.option_context("display.width", 200, "display.max_columns", 20):
        results = runner.run(examples(), out=said.append)
    assert "".join(said) == ""
    assert results.attempted == PAGE.count("\n>>> ") + PAGE.count("\n... ")
    assert results.failed == 0


def test_every_python_example_is_run() -> None:
    assert {language for language, _ in BLOCKS} == {"pycon", "sh", "json"}
    assert len(BLOCKS) == PAGE.count("\n```") / 2


def test_every_public_name_is_on_the_page() -> None:
    shown = {name for name in rdc.__all__ if re.search(rf"\brdc\.{name}\b", PAGE)}
    assert shown == set(rdc.__all__)


def test_every_error_is_in_the_table_with_its_base_class() -> None:
    rows = re.findall(r"^\| `(\w+Error)` \| `(\w+)` \|", PAGE, re.MULTILINE)
    known: dict[str, Any] = {**vars(errors), "LookupError": LookupError, "OSError": OSError}
    known |= {"ImportError": ImportError, "ValueError": ValueError}
    public = {name for name, each in vars(errors).items() if name.endswith("Error") and name != "ClaimsError"}
    assert {name for name, _ in rows} == public
    assert all(issubclass(known[name], known[base]) for name, base in rows)


def test_the_index_on_the_page_is_valid(tmp_path: Any) -> None:
    (example,) = [block for language, block in BLOCKS if language == "json"]
    (tmp_path / "releases.json").write_text(example, encoding="utf-8")
    assert list(read_index(tmp_path / "releases.json")) == ["1.0.0"]


def test_the_extra_of_the_page_is_the_one_that_the_error_names() -> None:
    from russia_dprk_claims.releases import EXTRA, NAME

    assert f'pip install "{NAME}[{EXTRA}]"' in PAGE
