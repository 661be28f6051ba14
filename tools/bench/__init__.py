"""Measures speed: `make bench` prints one table and writes it to docs/bench.md."""
