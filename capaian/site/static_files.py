"""Static files that come from npm packages: only those listed here are served, under `vendor/`."""

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.utils import matches_patterns
from django.core.files.storage import FileSystemStorage, Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

PREFIX = "vendor/"
LISTED = {
    "tabler/tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    **{
        f"plus-jakarta-sans/{name}": f"@fontsource-variable/plus-jakarta-sans/files/plus-jakarta-sans-{name}"
        for name in ("latin-wght-normal.woff2", "latin-ext-wght-normal.woff2")
    },
}


class VendorStorage(FileSystemStorage):
    """Reads a listed name ("tabler/tabler.min.css") out of the installed npm packages."""

    prefix = PREFIX.rstrip("/")

    def __init__(self) -> None:
        super().__init__(location=settings.NODE_MODULES)

    def path(self, name: str) -> str:
        """Return the place on disk of a listed name; KeyError for any other."""
        return super().path(LISTED[name.replace("\\", "/")])


class VendorFiles(BaseFinder):
    """Finds the listed files; everything else in the packages stays unreachable."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.storage = VendorStorage()

    def check(self, **_kwargs: Any) -> list[Any]:
        """Nothing to configure, so nothing to check."""
        return []

    def find(self, path: str, find_all: bool = False, **_kwargs: Any) -> Any:  # noqa: FBT001, FBT002  (Django's signature)
        """Return the file's place, or [] when it is not listed or not installed."""
        name = path.replace("\\", "/").removeprefix(PREFIX)
        if not path.startswith(PREFIX) or name not in LISTED or not self.storage.exists(name):
            return []
        found = self.storage.path(name)
        return [found] if find_all else found

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        """Yield each listed file with its storage; a missing package is an error, never a page without a look."""
        for name, place in LISTED.items():
            if matches_patterns(name, list(ignore_patterns or [])):
                continue
            if not self.storage.exists(name):
                raise FileNotFoundError(f"front-end package not installed: {place}")
            yield name, self.storage


class HashedFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise ships no types
    """Hashed, compressed names once collected; the plain names (served by the finders) before that."""

    # source maps are not shipped, so only url() and @import are followed
    patterns: ClassVar[Any] = (
        (
            "*.css",
            (
                r"""(?P<matched>url\((?P<quote>['"]{0,1})\s*(?P<url>.*?)(?P=quote)\))""",
                (
                    r"""(?P<matched>@import\s*["']\s*(?P<url>.*?)["'])""",
                    """@import url("%(url)s")""",
                ),
            ),
        ),
    )

    def stored_name(self, name: str) -> str:
        """Return the hashed name, or the name itself when it has not been collected (yet)."""
        if self.hash_key(self.clean_name(name)) not in self.hashed_files:
            return name
        return str(super().stored_name(name))
