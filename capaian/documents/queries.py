"""Reads of papers and files by row number: for pages that show many of them."""

from capaian.documents.models import Document, StoredFile
from capaian.journal.prepared import PreparedMany

#: Papers in the order they were made; their contexts are read when asked for.
DOCUMENTS = PreparedMany(lambda numbers: Document.objects.filter(pk__in=numbers).defer("context").order_by("pk"))
FILES = PreparedMany(lambda numbers: StoredFile.objects.filter(pk__in=numbers))
