"""Build the site, a page for browsing the dataset, into site/."""

from __future__ import annotations

from pathlib import Path

import click

from curation.cli import errors_in_one_line, progress, project_option


@click.command(epilog="Example: python scripts/site.py, then open site/index.html in a browser.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder to write: a new or empty one, or that of an earlier site.  [default: site in the project]",
)
@click.option(
    "--package",
    type=click.Path(file_okay=False, exists=True, path_type=Path),
    help="Show the package in this folder instead of the project's. Its downloads are the CSV files only.",
)
@click.option("--readme", is_flag=True, help="Also update the README's figure in docs/figures/.")
@project_option
def main(root: Path, out: Path | None, package: Path | None, readme: bool) -> None:
    """Build the page and the figures into site/, all or nothing.

    The page works from the folder, without a server or a network. The project is validated first; its zip, database
    and Parquet files go into site/downloads/. If anything is wrong, site/ does not change and the exit code is 2.
    """
    end = "; nothing was written"
    out = out or root / "site"
    with errors_in_one_line(extra="site", end=end):
        from curation.bundle.files import bundle_files
        from curation.bundle.inputs import BundleError, read_inputs
        from curation.site.content import read_content
        from curation.site.make import readme_figures, site_files
        from curation.write import ForeignFilesError, write_files, write_folder
        from russia_dprk_claims.errors import ClaimsError

    kinds = (BundleError, ClaimsError, ForeignFilesError)
    with errors_in_one_line(*kinds, extra="release", end=end):
        bundle = {} if package else bundle_files(read_inputs(root, progress), progress)
        progress("reading the package")
        files = site_files(read_content(package or root), bundle, progress)
        write_folder(out, files, "site")
        if readme:
            write_files(root, readme_figures(files))
    size = sum(map(len, files.values()))
    click.echo(f"written: {len(files)} files, {size:,} bytes, to {out}; open {out / 'index.html'}")


if __name__ == "__main__":
    main()
