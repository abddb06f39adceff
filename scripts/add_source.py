"""Write the template of a record for a new text."""

from __future__ import annotations

from pathlib import Path

import click

from curation.cli import errors_in_one_line, one_at_a_time, project_option


@click.command(epilog="Example: python scripts/add_source.py seeds/texts/speech.txt writes the next free record.")
@click.argument("text", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--draft", is_flag=True, help="Add candidates for claims and set-asides (English texts).")
@project_option
def main(text: Path, draft: bool, root: Path) -> None:
    """Write the template of a record for a new TEXT: its hash, its length and the next free id.

    A text that already has a record is refused. The text is not copied: keep it in seeds/texts/, which Git ignores.
    With --draft, the record has a candidate for each clause that makes a statement. Accept a candidate by deleting its
    line "draft: true", or change or delete it; no candidate may be left when the record is validated.
    """
    from curation.seeds.template import RefusedError, add_source

    with errors_in_one_line(RefusedError, extra="draft"), one_at_a_time(root):
        if draft:
            from curation.draft.record import draft_lists
        record = add_source(root, text, draft_lists if draft else None)
    click.echo(f"written: {record}; fill it in by docs/CODING.md, then run scripts/check.py {Path(record).stem}")


if __name__ == "__main__":
    main()
