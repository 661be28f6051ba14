"""Reads the text of a PDF back."""

import hashlib
import shutil
import subprocess

_READ: dict[str, bytes] = {}


def text_of_pdf(content: bytes) -> bytes:
    """Return the text of a PDF, where poppler is installed, with its bytes; the same bytes are read once."""
    reader = shutil.which("pdftotext")
    if reader is None:
        return content
    digest = hashlib.sha256(content).hexdigest()
    if digest not in _READ:
        done = subprocess.run([reader, "-", "-"], input=content, capture_output=True, check=False)
        _READ[digest] = done.stdout
    return _READ[digest] + content
