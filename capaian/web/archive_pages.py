"""The archive of a finished run as one ZIP."""

import tempfile

from django.http import FileResponse
from django.shortcuts import get_object_or_404

from capaian.journal.reason import Conflict, Reason
from capaian.reporting.run_archive import archive_name, write_archive
from capaian.sop.models import Run
from capaian.sop.queries import runs
from capaian.web.pages import MemberRequest


def run_archive(request: MemberRequest, key: str) -> FileResponse:
    """Send the ZIP of a finished run; it is made in a file without a name, which goes when it is sent."""
    run = get_object_or_404(runs(request.reach), public_id=key)
    if run.status != Run.Status.DONE:
        text = "Proses ini belum selesai, sehingga arsipnya belum lengkap."
        raise Conflict([Reason("not_archived", text, "Selesaikan langkah pengarsipan, lalu unduh arsipnya.")])
    made = tempfile.TemporaryFile()  # noqa: SIM115  (the answer closes it when all is sent)
    try:
        write_archive(run, made)
    except BaseException:
        made.close()
        raise
    made.seek(0)
    return FileResponse(made, as_attachment=True, filename=f"{archive_name(run)}.zip", content_type="application/zip")
