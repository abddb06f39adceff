"""Build the files of a release into dist/."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from curation.cli import COULD_NOT_RUN, project_option, stages, stopping_at_broken_contract


@click.command(epilog="Example: python scripts/bundle.py --out dist makes what a release publishes.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where the files go: a new or empty folder, or that of an earlier bundle.  [default: dist in the project]",
)
@project_option
def main(root: Path, out: Path | None) -> None:
    """Build the files of a release into dist/, all or nothing: zip, database, Parquet, wheel, sdist, SHA256SUMS.

    The project is validated first. The files are the same, byte for byte, wherever and whenever they are made; no
    text of a source is in them. Where anything is wrong, dist/ stays as it was, and the exit code is 2.
    """
    out = out or root / "dist"
    try:
        from curation.bundle.ingredients import BundleError, read_ingredients
        from curation.bundle.make import bundle_files
        from curation.write import ForeignFilesError, write_folder

        with stages() as progress, stopping_at_broken_contract():
            files = bundle_files(read_ingredients(root, progress), progress)
            write_folder(out, files, "bundle")
    except ImportError as error:
        stop(f"{error}; install the extra `release`")
    except (BundleError, ForeignFilesError) as error:
        stop(str(error))
    except OSError as error:
        stop(f"{error.filename or out}: {error.strerror}")
    for name in sorted(files):
        click.echo(f"{len(files[name]):>10,}  {name}")
    click.echo(f"written: {len(files)} files to {out}")


def stop(why: str) -> None:
    """Progress in one line why nothing was written, and exit."""
    click.echo(f"error: {why}; nothing was written", err=True)
    sys.exit(COULD_NOT_RUN)


if __name__ == "__main__":
    main()
