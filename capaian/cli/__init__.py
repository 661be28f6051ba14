"""The command line: the `capaian` command and its sub-commands."""
