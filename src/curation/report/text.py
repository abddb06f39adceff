"""Text for people: findings, one line for each or on a terminal grouped by file, and the rules in words.

Terminal output is composed of styled pieces, never of markup, so that brackets in a cell stay brackets.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import StringIO
from itertools import groupby
from typing import TYPE_CHECKING

from curation.report.counts import tally
from curation.report.escape import for_display
from russia_dprk_claims.checks.catalogue import catalogue
from russia_dprk_claims.checks.findings import Finding, Severity, did_you_mean

if TYPE_CHECKING:
    from rich.console import RenderableType

STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow"}


def write_plain(findings: Sequence[Finding]) -> str:
    """Return `path:line:column: rule: message (hint)` for each finding, as compilers do; a warning says so first."""
    marks = {Severity.ERROR: "", Severity.WARNING: "warning: "}
    return "".join(f"{marks[each.severity]}{for_display(each)}\n" for each in findings)


def write_grouped(findings: Sequence[Finding], width: int, colours: bool) -> str:
    """Return the findings by file in columns, each with its hint below it, and their number in the last line.

    Lines are longer than `width` if that leaves too little room for the message; the terminal then wraps them.
    """
    from rich.cells import cell_len
    from rich.console import Console
    from rich.text import Text

    if not findings:
        return ""
    findings = [for_display(each) for each in findings]
    position = max(cell_len(_position(each)) for each in findings)
    rule = max(cell_len(each.rule) for each in findings)
    file = StringIO()
    console = Console(  # takes nothing from the environment
        file=file,
        width=max(width, position + len(Severity.WARNING) + rule + 40),
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
    for part in _groups(findings, position, rule):
        console.print(part)
    console.print(Text(tally(findings), style="bold"))
    return "".join(f"{line.rstrip(' ')}\n" for line in file.getvalue().splitlines())


def _groups(findings: Sequence[Finding], position: int, rule: int) -> Iterator[RenderableType]:
    """Yield the name of each file and the table of its findings; columns have the same widths everywhere."""
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    for path, group in groupby(findings, key=lambda each: each.location.path):
        yield Text(path, style="underline", overflow="fold")
        grid = Table.grid(padding=(0, 2, 0, 0))
        grid.add_column(justify="right", width=position, style="dim")
        grid.add_column(width=len(Severity.WARNING))
        grid.add_column(width=rule, style="cyan")
        grid.add_column(overflow="fold")
        for each in group:
            message = Text(each.message)
            if each.hint:
                message.append(f"\n{each.hint}", style="dim")
            severity = Text(str(each.severity), style=STYLES[each.severity])
            grid.add_row(Text(_position(each)), severity, Text(each.rule), message)
        yield Padding(grid, (0, 0, 1, 2))


def _position(finding: Finding) -> str:
    """Return `line:column` as far as it is known."""
    return ":".join(str(each) for each in (finding.location.line, finding.location.column) if each)


# --- rules ----------------------------------------------------------------------------------------------------------


def rule_list() -> str:
    """Return one line per rule: id, severity and statement."""
    return "\n".join(f"{each.id:<26}{each.severity:<9}{each.statement}" for each in catalogue())


def explain_rule(rule: str) -> str:
    """Return what a rule requires and what to do about a finding; a LookupError suggests the nearest rule."""
    entries = {each.id: each for each in catalogue()}
    if rule not in entries:
        hint = did_you_mean(rule, entries)
        raise LookupError(f"there is no rule {rule!r}" + (f" ({hint})" if hint else ""))
    entry = entries[rule]
    tables = f" on {', '.join(entry.tables)}" if entry.tables else ""
    return f"{entry.id} ({entry.severity}, {entry.group}{tables})\n{entry.statement}\nWhat to do: {entry.hint}"
