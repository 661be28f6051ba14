"""The settings of a server with one guard taken out; see `broken`."""

from capaian.site.settings import *  # noqa: F403
from capaian.site.settings import INSTALLED_APPS as OWN_APPS

INSTALLED_APPS = [*OWN_APPS, "tests.web.broken.BrokenConfig"]
