"""Check that a release can be made, and make its files; or prepare the project for it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from curation.cli import (
    COULD_NOT_RUN,
    FOUND,
    Stages,
    project_option,
    stages,
    stopping_at_broken_contract,
    texts_option,
)

if TYPE_CHECKING:
    from curation.release.gate import Wish


@click.command(epilog="Example: python scripts/release.py 1.1.0 --prepare makes the project ready for release 1.1.0.")
@click.argument("version")
@click.option("--prepare", is_flag=True, help="Write the version into the project instead, and say what to commit.")
@click.option(
    "--previous",
    metavar="RELEASE",
    help="The last release: a zip file, folder or revision, or none.  [default: the newest tag v*]",
)
@click.option("--program", is_flag=True, help="Release although nothing in the data changed: the program did.")
@click.option(
    "--notes",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write what the changelog says of the release to this file too.",
)
@texts_option
@project_option
def main(
    version: str, prepare: bool, previous: str | None, program: bool, notes: Path | None, texts: Path | None, root: Path
) -> None:
    """Check that VERSION can be released, and make its files in dist/.

    First run it with --prepare, which writes the version, the list of released ids and every generated file, all or
    nothing; commit that; then run it without. Nothing is ever tagged or pushed: the commands for it are printed.
    Exits 0 if all is well, 1 with a line for everything that stands against it, 2 if it could not run.
    """
    from curation.release.gate import Wish

    wish = Wish(root, version, texts, previous, program)
    if prepare:
        _prepare(wish)
    else:
        _release(wish, notes)


def _prepare(wish: Wish) -> None:
    from curation.release.prepare import prepare

    with stages() as progress, _stopping():
        done = prepare(wish, progress)
    _refuse(done.refusals, "nothing was written")
    for path in done.written:
        click.echo(f"written: {path}")
    for path in done.removed:
        click.echo(f"removed: {path}")
    if not done.written and not done.removed:
        click.echo(f"unchanged: everything says {wish.version} already")
    if done.section is None or done.section.is_empty or not done.section.day:
        click.echo(
            f"next: write what changed into CHANGELOG.md under ## [{wish.version}] - and the day; run this again"
        )
    click.echo(f"next: commit, then run scripts/release.py {wish.version}")


def _release(wish: Wish, notes: Path | None) -> None:
    from curation.release.gate import examine

    if notes and not notes.parent.is_dir():
        _stop(f"{notes}: there is no folder {notes.parent}")
    with stages() as progress, _stopping():
        answer = examine(wish, progress)
        _refuse(answer.refusals, "nothing was made")
        names = _bundle(wish.root, progress)
        if notes and answer.section:
            notes.write_text(f"{answer.section.body}\n", encoding="utf-8", newline="\n")
    if answer.unverified:
        click.echo(answer.unverified)
    for name in names:
        click.echo(f"made: dist/{name}")
    click.echo(f"next: git tag -a v{wish.version} -m 'Version {wish.version}' && git push origin v{wish.version}")


def _bundle(root: Path, progress: Stages) -> list[str]:
    """Make the files of the release in `dist/`, all or nothing, and return their names."""
    try:
        from curation.bundle.ingredients import BundleError, read_ingredients
        from curation.bundle.make import bundle_files
        from curation.write import ForeignFilesError, write_folder
    except ImportError as error:
        _stop(f"the files cannot be made: {error}; install the extra `release`")
    try:
        files = bundle_files(read_ingredients(root, progress), progress)
        write_folder(root / "dist", files, "bundle")
    except ImportError as error:
        _stop(f"the files cannot be made: {error}; install the extra `release`")
    except (BundleError, ForeignFilesError) as error:
        _stop(str(error))
    return sorted(files)


@contextmanager
def _stopping() -> Iterator[None]:
    """Turn what keeps the command from running into one line and its exit code."""
    from curation.release.files import SnapshotError
    from curation.release.git import GitError

    try:
        with stopping_at_broken_contract():
            yield
    except (GitError, SnapshotError) as error:
        _stop(str(error))
    except OSError as error:
        _stop(f"{error.filename or 'the disk'}: {error.strerror}")


def _refuse(refusals: list[str], so: str) -> None:
    """Progress everything that stands against it, a line each, and exit; return where nothing does."""
    if not refusals:
        return
    for each in refusals:
        click.echo(f"refused: {each}")
    click.echo(f"{len(refusals)} {'reason' if len(refusals) == 1 else 'reasons'}: {so}", err=True)
    sys.exit(FOUND)


def _stop(why: str) -> NoReturn:
    from curation.report.visible import visible

    click.echo(f"error: {visible(why)}", err=True)
    sys.exit(COULD_NOT_RUN)


if __name__ == "__main__":
    main()
