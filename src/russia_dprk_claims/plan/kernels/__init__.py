"""Kernels: the loops over bytes and rows, which Numba compiles; `calling` has them as functions.

They know nothing of tables or rules. A file is a buffer of bytes with a few to spare behind it; a cell is where it
begins and ends in it, without its quotes. They let other threads run.
"""
