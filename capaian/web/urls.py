"""URLs of the pages: one flat list; who may open what stands in `access`."""

from allauth.account import views as allauth_views
from allauth.usersessions.views import list_usersessions
from django.urls import URLPattern, path

from capaian.web import (
    account_pages,
    agency_pages,
    calendar_pages,
    document_pages,
    people_pages,
    run_pages,
    sop_pages,
    step_pages,
)

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
ACCOUNT_URLS: list[URLPattern] = [
    path("masuk/", account_pages.LogInPage.as_view(), name="account_login"),
    path("keluar/", allauth_views.logout, name="account_logout"),
    path("akun/", account_pages.account, name="account"),
    path("akun/kode/", account_pages.code, name="account_code"),
    path("akun/kata-sandi/", account_pages.ChangePasswordPage.as_view(), name="account_change_password"),
    path("akun/sesi/", list_usersessions, name="usersessions_list"),
]
AGENCY_URLS: list[URLPattern] = [
    path("perangkat-daerah/", agency_pages.agency, name="agency"),
    path("perangkat-daerah/baru/", agency_pages.agency_new, name="agency_new"),
    path("perangkat-daerah/akun-contoh/", agency_pages.sample_remove, name="sample_remove"),
    path("pegawai/", people_pages.people_list, name="people"),
    path("pegawai/baru/", people_pages.person_new, name="person_new"),
    path("pegawai/<slug:key>/", people_pages.person, name="person"),
    path("pegawai/<slug:key>/kode/", people_pages.person_code, name="person_code"),
    path("pegawai/<slug:key>/nonaktif/", people_pages.person_deactivate, name="person_deactivate"),
    path("jabatan/", people_pages.position_list, name="positions"),
    path("jabatan/baru/", people_pages.position_new, name="position_new"),
    path("jabatan/<slug:key>/", people_pages.position, name="position"),
    path("jabatan/<slug:key>/tetapkan/", people_pages.position_appoint, name="position_appoint"),
    path("jabatan/<slug:key>/tutup/", people_pages.position_close, name="position_close"),
    path("penetapan/<slug:key>/akhiri/", people_pages.appointment_end, name="appointment_end"),
    path("unit/", agency_pages.unit_list, name="units"),
    path("unit/baru/", agency_pages.unit_new, name="unit_new"),
    path("unit/<slug:key>/", agency_pages.unit, name="unit"),
    path("unit/<slug:key>/akhiri/", agency_pages.unit_end, name="unit_end"),
    path("kalender/", calendar_pages.calendar, name="calendar"),
    path("kalender/<int:year>/", calendar_pages.calendar, name="calendar_year"),
    path("kalender/hari/", calendar_pages.day, name="calendar_day"),
    path("kalender/hari/<slug:day>/hapus/", calendar_pages.day_remove, name="calendar_day_remove"),
    path("kalender/jam/<int:weekday>/<int:ramadan>/", calendar_pages.hours, name="calendar_hours"),
    path("kalender/jam/<int:weekday>/<int:ramadan>/nasional/", calendar_pages.hours_drop, name="calendar_hours_drop"),
    path("kalender/ramadan/", calendar_pages.ramadan, name="calendar_ramadan"),
    path("kalender/ramadan/<slug:day>/nasional/", calendar_pages.ramadan_remove, name="calendar_ramadan_remove"),
]
urlpatterns: list[URLPattern] = [*RUN_URLS, *ACCOUNT_URLS, *AGENCY_URLS]
