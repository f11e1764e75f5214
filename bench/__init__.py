"""Benchmarks, each beside its floor in the same run; the ratios are what holds elsewhere."""
