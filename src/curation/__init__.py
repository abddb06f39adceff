"""Builds releases: tables, documents, a page and release files from seed records. Not in the wheel."""
