"""URLs of the pages: one flat list; who may open what stands in `access`."""

from django.urls import URLPattern, path

from capaian.web import document_pages, run_pages, sop_pages, step_pages

RUN_URLS: list[URLPattern] = [
    path("", run_pages.inbox, name="inbox"),
    path("papan/", run_pages.board, name="board"),
    path("papan/<int:year>/", run_pages.board, name="board_year"),
    path("papan/<int:year>/jadwal/", run_pages.schedule, name="schedule"),
    path("proses/<slug:key>/", run_pages.run, name="run"),
    path("proses/<slug:key>/cetak/", run_pages.run_print, name="run_print"),
    path("proses/<slug:key>/buka/", run_pages.run_open, name="run_open"),
    path("proses/<slug:key>/batal/", run_pages.run_cancel, name="run_cancel"),
    path("proses/<slug:key>/perbaikan/", run_pages.run_correct, name="run_correct"),
    path("proses/<slug:key>/pindah-versi/", run_pages.run_move, name="run_move"),
    path("proses/<slug:key>/kembalikan/<slug:step_key>/", run_pages.run_return, name="run_return"),
    path("langkah/<slug:key>/", step_pages.step, name="step"),
    path("langkah/<slug:key>/selesai/", step_pages.step_complete, name="step_complete"),
    path("langkah/<slug:key>/sampaikan/", step_pages.step_hand_over, name="step_hand_over"),
    path("langkah/<slug:key>/berkas/", step_pages.step_attach, name="step_attach"),
    path("langkah/<slug:key>/kecualikan/", step_pages.step_waive, name="step_waive"),
    path("langkah/<slug:key>/tugaskan/", step_pages.step_reassign, name="step_reassign"),
    path("sop/", sop_pages.definitions, name="definitions"),
    path("sop/<slug:key>/", sop_pages.definition, name="definition"),
    path("sop/<slug:key>/naskah/", sop_pages.definition_text, name="definition_text"),
    path("sop/<slug:key>/cetak/", sop_pages.definition_print, name="definition_print"),
    path("naskah/", document_pages.documents, name="documents"),
    path("naskah/<slug:key>/", document_pages.document, name="document"),
    path("naskah/<slug:key>/berkas/", document_pages.document_file, name="document_file"),
    path("naskah/<slug:key>/bertanda-tangan/", document_pages.document_signed, name="document_signed"),
    path("naskah/<slug:key>/unggah/", document_pages.document_upload, name="document_upload"),
    path("berkas/<slug:key>/", document_pages.file, name="file"),
]
urlpatterns: list[URLPattern] = [*RUN_URLS]
