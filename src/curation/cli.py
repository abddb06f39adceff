"""What the commands in `scripts/` share: their options, and how findings and progress are told."""

from __future__ import annotations

import gc
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from russia_dprk_claims.checks.findings import Finding
from russia_dprk_claims.contract import ContractError

CLEAN, FOUND, COULD_NOT_RUN = 0, 1, 2

# Imports make objects by the hundred thousand that stay; looking them over again and again is a tenth of a command.
gc.set_threshold(100_000)

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


def tell(findings: Iterable[Finding], format_: str = "text") -> None:
    """Print findings in a format on standard output, and how many there are on standard error.

    Parameters
    ----------
    findings
        What was found wrong.
    format_
        One of `report.FORMATS`; `text` is grouped by file where somebody looks on, and a line a finding elsewhere.
    """
    from curation.report import screen_of, write
    from curation.report.counts import tally

    findings = list(findings)
    click.echo(write(format_, findings, screen_of(sys.stdout, os.environ)), nl=False)
    if findings:
        click.echo(tally(findings), err=True)


def plural(number: int, noun: str) -> str:
    """Return a number with its noun, as `1 claim` or `2 claims`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


class Stages:
    """Tells what is being done, where somebody looks on, and keeps how long each stage took."""

    def __init__(
        self,
        show: Callable[[str], None] = lambda _: None,
        show_progress: Callable[[int, int], None] = lambda _, __: None,
    ) -> None:
        """Begin with no stage; `show` is given the name of each, `show_progress` how much of how much is done."""
        self.times: list[tuple[str, float]] = []
        self._began: tuple[str, float] | None = None
        self._show = show
        self._show_progress = show_progress

    def __call__(self, stage: str) -> None:
        """Begin a stage, and so end the one before it."""
        self.end()
        self._began = (stage, time.perf_counter())
        self._show(stage)

    def advance(self, done: int, total: int) -> None:
        """Tell how far the stage is that is under way."""
        self._show_progress(done, total)

    def end(self) -> None:
        """End the stage that is under way, if any."""
        if self._began:
            stage, began = self._began
            self.times.append((stage, time.perf_counter() - began))
            self._began = None

    def tell(self) -> None:
        """Print how long each stage took on standard error."""
        for stage, seconds in self.times:
            click.echo(f"{seconds:8.3f} s  {stage}", err=True)


@contextmanager
def stages() -> Iterator[Stages]:
    """Give the stages of a command, shown with the time that is left where somebody looks on."""
    if not sys.stderr.isatty():
        watch = Stages()
        yield watch
    else:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

        columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
        with Progress(*columns, console=Console(stderr=True), transient=True) as progress:

            def begin(stage: str) -> None:
                for task in progress.task_ids:
                    progress.remove_task(task)
                progress.add_task(stage, total=None)

            begin("starting")
            watch = Stages(
                begin, lambda done, total: progress.update(progress.task_ids[-1], completed=done, total=total)
            )
            yield watch
    watch.end()


@contextmanager
def stopping_at_broken_contract() -> Iterator[None]:
    """Turn a broken contract into one line and the exit code for a check that could not run."""
    try:
        yield
    except ContractError as error:
        click.echo(f"error: {error}", err=True)
        sys.exit(COULD_NOT_RUN)


@contextmanager
def stopping_where_the_disk_fails() -> Iterator[None]:
    """Turn what the disk does not take or give into one line and the exit code for what could not run."""
    try:
        yield
    except OSError as error:
        place = f": {error.filename}" if error.filename else ""
        click.echo(f"error: {error.strerror or error}{place}", err=True)
        sys.exit(COULD_NOT_RUN)
