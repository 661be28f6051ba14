"""Other exact ways to measure the same rows."""
