"""Lets `python -m capaian.cli` be the `capaian` command."""

import sys

from capaian.cli.main import main

sys.exit(main())
