"""Kernels: the loops over bytes and rows, compiled by Numba once for an installation and kept beside the module.

They know nothing of tables or rules. A file is a buffer of bytes with eight bytes to spare behind it; a cell is where
it begins and ends in it, without its quotes. They let other threads run.
"""
