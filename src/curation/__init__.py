"""What makes a release: seed records become tables, documents, a page and the files of a release. Not in the wheel."""
