"""What the commands in `scripts/` share: options, progress, exit codes, and the output of findings and errors."""

from __future__ import annotations

import gc
import io
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import NoReturn

import click
from click.core import ParameterSource

from curation.report import write
from curation.report.counts import tally
from curation.report.escape import escape_controls
from curation.report.github import append_step_summary
from curation.write import locked
from russia_dprk_claims.checks.findings import Finding
from russia_dprk_claims.contract import ContractError

CLEAN, FOUND, COULD_NOT_RUN = 0, 1, 2

# Imports create hundreds of thousands of lasting objects. Collecting garbage among them takes a tenth of a command.
gc.set_threshold(100_000)

# Windows writes to files and pipes in an old encoding, which lacks arrows.
for _stream in (sys.stdout, sys.stderr):
    if isinstance(_stream, io.TextIOWrapper):
        _stream.reconfigure(encoding="utf-8", errors="backslashreplace")

_CLONE = Path(__file__).resolve().parents[2]


def _own_clone(context: click.Context, option: click.Parameter, root: Path) -> Path:
    """Refuse to run the script of one clone on another, whose program this Python has; a worktree is a clone, too."""
    clone = Path(sys.argv[0]).resolve().parents[1]
    is_default = option.name and context.get_parameter_source(option.name) is ParameterSource.DEFAULT
    if is_default and clone != _CLONE and (clone / "scripts").is_dir() and (clone / "schemas").is_dir():
        fail(f"{clone} is not the clone that this Python is set up for, {_CLONE}; run make there")
    return root


project_option = click.option(
    "--project",
    "root",
    type=click.Path(file_okay=False, exists=True, path_type=Path),
    default=_CLONE,
    callback=_own_clone,
    help="The project folder.  [default: the one this script is in]",
)
texts_option = click.option(
    "--texts",
    type=click.Path(file_okay=False, exists=True, path_type=Path),
    help="The folder of the source texts.  [default: $SEED_TEXTS, else seeds/texts]",
)


def print_findings(findings: Sequence[Finding], format_: str = "text") -> None:
    """Print sorted findings on standard output, and their number on standard error."""
    click.echo(write(format_, findings), nl=False)
    if format_ == "github":
        append_step_summary(findings, os.environ)
    if findings:
        click.echo(tally(findings), err=True)


def fail(message: str) -> NoReturn:
    """Print an error as one line and exit with the code for a command that could not run."""
    click.echo(f"error: {escape_controls(message)}", err=True)
    sys.exit(COULD_NOT_RUN)


@contextmanager
def errors_in_one_line(*kinds: type[Exception], extra: str = "", end: str = "") -> Iterator[None]:
    """Print a ContractError, OSError, or error of one of the `kinds`, as one line that ends with `end`, and exit.

    If an `extra` is named, an ImportError is caught too, and the line says that the extra must be installed.
    """
    caught: tuple[type[Exception], ...] = (ContractError, OSError, *kinds, *([ImportError] if extra else []))
    try:
        yield
    except caught as error:
        message = str(error)
        if isinstance(error, OSError):
            message = f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}"
        elif isinstance(error, ImportError):
            message = f'{error}: install what is missing with {sys.executable} -m pip install -e "{_CLONE}[{extra}]"'
        fail(message + end)


def one_at_a_time(root: Path) -> AbstractContextManager[None]:
    """Return a context in which no other command writes into the project."""
    return locked(root, lambda: click.echo("waiting for another command that writes into this project", err=True))


def progress(stage: str) -> None:
    """Print what a command is doing if standard error is a terminal."""
    if sys.stderr.isatty():
        click.echo(f"{stage} …", err=True)
