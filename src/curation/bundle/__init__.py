"""The files of a release, built from a valid project, with the same bytes wherever they are built."""
