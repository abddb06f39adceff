"""Synthetic datasets: valid tables of N claims that look like the real ones, the same in every run."""
