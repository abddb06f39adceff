"""The reliability of the coding rules: how far two blind codings of the same texts agree. The codings are only read."""
