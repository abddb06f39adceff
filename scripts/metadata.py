"""Write CITATION.cff and .zenodo.json from seeds/dataset.yaml."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from curation.cli import COULD_NOT_RUN, FOUND, project_option, tell


@click.command(epilog="Example: python scripts/metadata.py --check says whether the two files are up to date.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 where a file is not up to date.")
@project_option
def main(root: Path, check: bool) -> None:
    """Write CITATION.cff and .zenodo.json from seeds/dataset.yaml.

    A description with an error gives exit code 2, and nothing is written. croissant.json and the JSON-LD speak of the
    files of a release; scripts/release.py writes them.
    """
    from curation.dataset import read_dataset
    from curation.documents.metadata.files import metadata_files, stale_files
    from curation.write import write_files

    dataset, findings = read_dataset(root / "seeds")
    tell(findings)
    if dataset is None:
        click.echo("nothing was written", err=True)
        sys.exit(COULD_NOT_RUN)
    stale = set(stale_files(root, dataset))
    files = metadata_files(dataset)
    if check:
        for path in files:
            click.echo(f"{path}: {'not up to date: run scripts/metadata.py' if path in stale else 'up to date'}")
        sys.exit(FOUND if stale else 0)
    try:
        write_files(root, {path: files[path] for path in files if path in stale})
    except OSError as error:
        click.echo(f"error: {error.filename or root}: {error.strerror}; nothing was written", err=True)
        sys.exit(COULD_NOT_RUN)
    for path in files:
        click.echo(f"{'written' if path in stale else 'unchanged'}: {path}")


if __name__ == "__main__":
    main()
