"""The loader: the tables as typed frames, and the questions that people come with. It imports nothing of the
workshop, and pandas only when the first table is loaded.
"""
