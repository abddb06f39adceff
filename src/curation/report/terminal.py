"""The form for a terminal: findings under the file in which they stand, in columns, each with its hint below.

Texts are put together from pieces with styles, never from markup, so that brackets in a cell stay brackets.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import StringIO
from itertools import groupby

from rich.cells import cell_len
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from curation.report.counts import tally
from curation.report.visible import shown
from russia_dprk_claims.checks.findings import Finding, Severity

STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow"}


def write_grouped(findings: Sequence[Finding], width: int, colours: bool) -> str:
    """Return the findings by file, and their number in the last line.

    Parameters
    ----------
    findings
        The findings, in order.
    width
        How many columns the terminal has. Where they are too few for the columns before the message and some words
        of it, the lines are longer, and the terminal breaks them.
    colours
        Whether the text has the codes for colours in it.
    """
    if not findings:
        return ""
    file = StringIO()
    visible = [shown(each) for each in findings]
    place = max(cell_len(_place(each)) for each in visible)
    rule = max(cell_len(each.rule) for each in visible)
    console = _console(file, max(width, place + len(Severity.WARNING) + rule + 40), colours)
    for part in _parts(visible, place, rule):
        console.print(part)
    console.print(Text(tally(findings), style="bold"))
    return "".join(f"{line.rstrip(' ')}\n" for line in file.getvalue().splitlines())


def _console(file: StringIO, width: int, colours: bool) -> Console:
    """Return a console that writes into `file` and takes nothing from the environment."""
    return Console(
        file=file,
        width=width,
        height=25,
        force_terminal=colours,
        color_system="standard" if colours else None,
        no_color=not colours,
        force_jupyter=False,
        force_interactive=False,
        legacy_windows=False,
        markup=False,
        highlight=False,
        emoji=False,
    )


def _parts(findings: Sequence[Finding], place: int, rule: int) -> Iterator[Text | Padding]:
    """Yield the name of each file and the table of its findings; the columns of all tables are as wide as said."""
    for path, group in groupby(findings, key=lambda each: each.location.path):
        yield Text(path, style="underline", overflow="fold")
        grid = Table.grid(padding=(0, 2, 0, 0))
        grid.add_column(justify="right", width=place)
        grid.add_column(width=len(Severity.WARNING))
        grid.add_column(width=rule)
        grid.add_column(overflow="fold")
        for each in group:
            _add(grid, each)
        yield Padding(grid, (0, 0, 1, 2))


def _add(grid: Table, finding: Finding) -> None:
    message = Text(finding.message)
    if finding.hint:
        message.append(f"\n{finding.hint}", style="dim")
    severity = Text(str(finding.severity), style=STYLES[finding.severity])
    grid.add_row(Text(_place(finding), style="dim"), severity, Text(finding.rule, style="cyan"), message)


def _place(finding: Finding) -> str:
    """Return `line:column` as far as it is known."""
    return ":".join(str(each) for each in (finding.location.line, finding.location.column) if each)
