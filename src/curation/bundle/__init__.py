"""The bundle: the files of a release, made from a project that is valid, the same bytes wherever they are made."""
