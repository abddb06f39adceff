"""The package: the files that the tables make, written all or not at all, read back, and judged by Frictionless."""
