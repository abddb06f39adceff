"""Check that a release can be made and build its files, or prepare the project for it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from curation.cli import FOUND, errors_in_one_line, fail, one_at_a_time, progress, project_option, texts_option
from curation.report.counts import numbered

if TYPE_CHECKING:
    from curation.bundle.inputs import BundleInputs
    from curation.release.check import ReleaseRequest


@click.command(epilog="Example: python scripts/release.py 1.1.0 --prepare makes the project ready for release 1.1.0.")
@click.argument("version", required=False)
@click.option("--prepare", is_flag=True, help="Write VERSION into the project, and build no files.")
@click.option("--bundle-only", is_flag=True, help="Build the files of the project as it is; give no VERSION.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where the files go: a new or empty folder, or one of an earlier release.  [default: dist in the project]",
)
@click.option(
    "--previous",
    metavar="RELEASE",
    help="The last release: a zip file, folder or revision, or none.  [default: the newest tag v*]",
)
@click.option("--program", is_flag=True, help="Release although no data changed: the program or the documents did.")
@click.option(
    "--notes",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Also write the changelog's section about the release to this file.",
)
@texts_option
@project_option
def main(
    root: Path,
    version: str | None,
    prepare: bool,
    bundle_only: bool,
    out: Path | None,
    previous: str | None,
    program: bool,
    notes: Path | None,
    texts: Path | None,
) -> None:
    """Check that VERSION can be released, and build its files in dist/, all or nothing.

    The files are a zip, a SQLite database, Parquet files, wheel, sdist and SHA256SUMS. They have the same bytes
    wherever and whenever they are built, and contain no source text.

    First run it with --prepare, which writes the version, the list of released ids and every generated file; commit
    these; then run it without. Nothing is tagged or pushed: the commands for it are printed. Exits 0 on success, 1
    with a line for each problem, 2 if it could not run.
    """
    from curation.bundle.inputs import BundleError, read_inputs
    from curation.release.check import ReleaseRequest
    from curation.release.git import ReleaseError
    from curation.write import ForeignFilesError
    from russia_dprk_claims.releases import Version, VersionError

    if bundle_only == bool(version) or (bundle_only and prepare):
        raise click.UsageError("give a VERSION, or --bundle-only alone")
    out = out or root / "dist"
    kinds = (BundleError, ForeignFilesError, ReleaseError, VersionError)
    with errors_in_one_line(*kinds, extra="release"):
        if version is None:
            _build(read_inputs(root, progress), out)
            return
        request = ReleaseRequest(root, Version.of(version), texts, previous, program)
        if prepare:
            with one_at_a_time(root):
                _prepare(request)
        else:
            _release(request, out, notes)


def _prepare(request: ReleaseRequest) -> None:
    from curation.release.prepare import prepare

    done = prepare(request, progress)
    _stop_at(done.problems, "nothing was written")
    lines = [*(f"written: {path}" for path in done.written), *(f"removed: {path}" for path in done.removed)]
    click.echo("\n".join(lines) or f"unchanged: the project is prepared for {request.version}")
    if done.section is None or done.section.is_empty or not done.section.day:
        heading = f"## [{request.version}] - YYYY-MM-DD"
        click.echo(f"next: describe the changes in CHANGELOG.md under {heading}, and run this again")
    click.echo(f"next: commit, then run scripts/release.py {request.version}")


def _release(request: ReleaseRequest, out: Path, notes: Path | None) -> None:
    from curation.bundle.inputs import inputs_of
    from curation.release.check import check_release

    if notes and not notes.parent.is_dir():
        fail(f"{notes}: the folder {notes.parent} does not exist")
    check = check_release(request, progress)
    _stop_at(check.problems, "nothing was built")
    _build(inputs_of(request.root), out)
    if notes and check.section:
        notes.write_text(f"{check.section.body}\n", encoding="utf-8", newline="\n")
    if check.unverified:
        click.echo(check.unverified)
    tag = request.version.tag
    click.echo(f"next: git tag -a {tag} -m 'Version {request.version}' && git push origin {tag}")


def _build(inputs: BundleInputs, out: Path) -> None:
    from curation.bundle.files import bundle_files
    from curation.write import write_folder

    files = bundle_files(inputs, progress)
    write_folder(out, files, "bundle")
    for name in sorted(files):
        click.echo(f"{len(files[name]):>10,}  {name}")
    click.echo(f"built: {len(files)} files in {out}")


def _stop_at(problems: list[str], consequence: str) -> None:
    """Print the problems, a line each, and exit if there are any."""
    for each in problems:
        click.echo(f"problem: {each}")
    if problems:
        click.echo(f"{numbered(len(problems), 'problem')}: {consequence}", err=True)
        sys.exit(FOUND)


if __name__ == "__main__":
    main()
