"""The long proofs: the same tests as in `make test` with far more rounds, on both databases."""
