"""What the commands in `scripts/` share: their options, and how findings are told."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from russia_dprk_claims.contract import ContractError
from russia_dprk_claims.findings import Finding, Severity, in_order

CLEAN, FOUND, COULD_NOT_RUN = 0, 1, 2

project_option = click.option(
    "--project",
    "root",
    type=click.Path(file_okay=False, exists=True, path_type=Path),
    default=Path(__file__).resolve().parents[2],
    help="The project folder.  [default: the one of this script]",
)
texts_option = click.option(
    "--texts",
    type=click.Path(file_okay=False, exists=True, path_type=Path),
    help="Where the source texts are.  [default: $SEED_TEXTS, else seeds/texts]",
)


def tell(findings: Iterable[Finding]) -> None:
    """Print findings as `path:line:column: rule: message (hint)`, a line each, and their number on standard error."""
    findings = in_order(findings)
    for each in findings:
        mark = "" if each.severity is Severity.ERROR else "warning: "
        click.echo(f"{mark}{each}")
    if findings:
        errors = sum(each.severity is Severity.ERROR for each in findings)
        click.echo(f"{plural(errors, 'error')}, {plural(len(findings) - errors, 'warning')}", err=True)


def plural(number: int, noun: str) -> str:
    """Return a number with its noun, as `1 claim` or `2 claims`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """Give a function that shows what is being done, where somebody looks on."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console

    console = Console(stderr=True)
    with console.status("reading") as status:
        yield status.update


@contextmanager
def stopping_at_broken_contract() -> Iterator[None]:
    """Turn a broken contract into one line and the exit code for a check that could not run."""
    try:
        yield
    except ContractError as error:
        click.echo(f"error: {error}", err=True)
        sys.exit(COULD_NOT_RUN)
