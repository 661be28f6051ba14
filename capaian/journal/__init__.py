"""Who did what to what, when: append-only, one hash chain per agency."""
