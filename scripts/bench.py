"""Measure what checking and building cost, beside other programs, over generated datasets of any size."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from russia_dprk_claims.commands import COULD_NOT_RUN, project_option, stages, stopping_at_broken_contract

SIZES = "1000,10000,100000,1000000"
SUBJECTS = "floor,ours,frictionless,pandera-pandas,csvw"
KINDS = ("package", "seeds")
new_folder = click.Path(file_okay=False, path_type=Path)
old_folder = click.Path(file_okay=False, exists=True, path_type=Path)


@contextmanager
def _in_one_line() -> Iterator[None]:
    """Turn what a user can cause into one line and the exit code for what could not run."""
    try:
        with stopping_at_broken_contract():
            yield
    except ModuleNotFoundError as error:
        click.echo(f"error: {error}; install the extra 'bench' of this project", err=True)
        sys.exit(COULD_NOT_RUN)
    except (ValueError, RuntimeError, OSError) as error:
        click.echo(f"error: {error}", err=True)
        sys.exit(COULD_NOT_RUN)


def _sizes(_: click.Context, __: click.Parameter, value: str) -> list[int]:
    """Return the sizes of a list."""
    parts = value.split(",")
    if not all(part.isascii() and part.isdigit() for part in parts):
        raise click.BadParameter(f"{value!r} is not a list of numbers such as 1000,10000")
    return [int(part) for part in parts]


@click.group(epilog="Example: python scripts/bench.py run --sizes 1000,10000 --out bench")
def main() -> None:
    """Generate valid datasets of any size, and measure what checking and building them costs.

    The same number of claims gives the same bytes, on every machine. Exits 0 if all is well, 2 if it could not run.
    """


@main.command(epilog="Example: python scripts/bench.py generate package 100000 big")
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("claims", type=int)
@click.argument("folder", type=new_folder)
@project_option
def generate(kind: str, claims: int, folder: Path, root: Path) -> None:
    """Generate a package, or a project of seed records, of so many CLAIMS in a new FOLDER.

    Both hold the same dataset: build.py makes the package of the seeds. It is patterned after the tables of the
    project, whose schemas are copied.
    """
    with _in_one_line(), stages() as say:
        from russia_dprk_claims.bench.package import read_outline, write_package
        from russia_dprk_claims.bench.seedfolder import write_seeds

        write = write_package if kind == "package" else write_seeds
        say("outlining")
        write(read_outline(root, claims), root, folder, lambda done: say(f"{done} of {claims} claims"))
    click.echo(f"generated: {claims} claims in {folder}", err=True)


@main.command("break", epilog="Example: python scripts/bench.py break big --fault dangling --at 0.9")
@click.argument("folder", type=old_folder)
@click.option("--fault", "name", default="vocabulary", show_default=True, help="What becomes wrong.")
@click.option("--at", type=click.FloatRange(0, 1), default=0.5, show_default=True, help="Where in its table.")
@project_option
def break_(folder: Path, name: str, at: float, root: Path) -> None:
    """Make one cell of a generated package in FOLDER wrong, and say which: validation must find it there."""
    with _in_one_line():
        from russia_dprk_claims.bench.faults import fault_named, put_fault
        from russia_dprk_claims.contract import read_contract

        broken = put_fault(read_contract(root / "schemas"), folder, fault_named(name), at)
    click.echo(f"{broken.origin}: {broken.fault.rule}: {broken.fault.column} {broken.before!r} is now {broken.after!r}")


@main.command(epilog="Example: python scripts/bench.py run --subjects build,build-again --sizes 10000 --out bench")
@click.option("--out", type=new_folder, required=True, help="Where results, table and chart are written.")
@click.option("--sizes", callback=_sizes, default=SIZES, show_default=True, help="Numbers of claims.")
@click.option(
    "--subjects", "names", default=SUBJECTS, show_default=True, help="What is measured; docs/PERFORMANCE.md lists all."
)
@click.option("--repeat", type=click.IntRange(1), default=3, show_default=True, help="How often each is run.")
@click.option("--limit", type=click.FloatRange(1), default=900.0, show_default=True, help="Seconds given to a run.")
@click.option(
    "--work", type=old_folder, help="Where datasets are generated and removed.  [default: a temporary folder]"
)
@project_option
def run(out: Path, sizes: list[int], names: str, repeat: int, limit: float, work: Path | None, root: Path) -> None:
    """Measure subjects over generated datasets in turn, and write results, a table and a chart.

    Each run is a process of its own: time on the clock, processor time and peak memory are those of the process with
    all that it starts. A subject that is stopped at the limit is reported as such, and not tried at larger sizes.
    """
    with _in_one_line():
        from russia_dprk_claims.bench.results import Results, machine, versions, write_results
        from russia_dprk_claims.bench.running import Plan
        from russia_dprk_claims.bench.running import run as measured
        from russia_dprk_claims.bench.subjects import chosen

        plan = Plan(root, sizes, chosen(root, names), repeat, limit)
        words = {each.name: each.words for each in plan.subjects}
        results = Results(machine(), versions(), limit, words, made := [])
        for each in measured(plan, work, lambda line: click.echo(line, err=True)):
            made.append(each)
            # After each run, so that a long series that is broken off is not lost.
            write_results(results, out)
    _report(out)


@main.command(epilog="Example: python scripts/bench.py report bench")
@click.argument("folder", type=old_folder)
@click.option(
    "--into", type=click.Path(dir_okay=False, exists=True, path_type=Path), help="A page with a place for it."
)
def report(folder: Path, into: Path | None) -> None:
    """Write the table and the chart of the results in FOLDER once more.

    With --into, the table takes the place of what stands between the marks of a page, such as docs/PERFORMANCE.md.
    """
    _report(folder, into)


def _report(folder: Path, into: Path | None = None) -> None:
    with _in_one_line():
        from russia_dprk_claims.bench.reporting import write_report

        text = write_report(folder, into)
    click.echo(text, nl=False)


if __name__ == "__main__":
    main()
