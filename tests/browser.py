"""A real Chromium that fails the test on any console error, page error or request to another host."""

import ctypes
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Page, Request, ViewportSize, sync_playwright

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}


def chromium() -> str | None:
    """Return the machine's Chromium."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


def lacking() -> str:
    """Return a sentence when this machine cannot run browser tests, else an empty one."""
    if chromium() is None:
        return "Chromium is missing: sudo apt-get install chromium"
    try:
        if sys.platform == "linux":
            ctypes.CDLL("libatomic.so.1")  # Playwright's driver is linked against it
    except OSError:
        return "The browser driver needs libatomic: sudo apt-get install libatomic1"
    return ""


@contextmanager
def running_browser() -> Iterator[Browser]:
    """Run Chromium until the block ends."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def watched_page(browser: Browser, base_url: str, **options: object) -> Iterator[Page]:
    """Open a fresh context with one page; at the end, fail if anything went wrong in it.

    `options` go to Playwright's new_context, as `viewport=PHONE` or `java_script_enabled=False`.
    """
    faults: list[str] = []
    own = urlsplit(base_url).netloc

    def on_request(request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https"} and parts.netloc != own:
            faults.append(f"request to another host: {request.url}")

    def on_console(message: ConsoleMessage) -> None:
        # a refusal (409, 422 …) is logged by Chromium as a failed resource: the test looks at it itself
        if message.type in {"error", "warning"} and "status of 4" not in message.text:
            faults.append(f"console: {message.text}")

    context = browser.new_context(**({"base_url": base_url, "locale": "id-ID", "viewport": DESKTOP} | options))  # type: ignore[arg-type]
    context.on("request", on_request)
    context.on("console", on_console)
    context.on("weberror", lambda error: faults.append(f"page error: {error.error}"))
    try:
        yield context.new_page()
        assert not faults, "\n".join(faults)
    finally:
        context.close()
