"""The closed list of what can be done, with the words that the history shows."""

from django.db import models


class Verb(models.TextChoices):
    """What somebody did. Stored in the journal; the label completes the sentence "<name> …"."""

    STARTED_AGENCY = "started_agency", "memulai perangkat daerah"
    CHANGED_AGENCY = "changed_agency", "mengubah data perangkat daerah"
    CREATED_UNIT = "created_unit", "menambah unit"
    CHANGED_UNIT = "changed_unit", "mengubah unit"
    ENDED_UNIT = "ended_unit", "mengakhiri unit"
    CREATED_PERSON = "created_person", "menambah pegawai"
    CHANGED_PERSON = "changed_person", "mengubah data pegawai"
    DEACTIVATED_PERSON = "deactivated_person", "menonaktifkan akun"
    CREATED_POSITION = "created_position", "menambah jabatan"
    CHANGED_POSITION = "changed_position", "mengubah jabatan"
    CLOSED_POSITION = "closed_position", "menutup jabatan"
    APPOINTED = "appointed", "menetapkan pejabat"
    ENDED_APPOINTMENT = "ended_appointment", "mengakhiri penetapan pejabat"
    ISSUED_RESET_CODE = "issued_reset_code", "menerbitkan kode sekali pakai"
    SET_PASSWORD = "set_password", "membuat kata sandi dengan kode"  # noqa: S105  (a verb, not a password)
    CHANGED_PASSWORD = "changed_password", "mengganti kata sandi"  # noqa: S105
    CHANGED_CALENDAR = "changed_calendar", "mengubah kalender kerja"
    REMOVED_SAMPLE = "removed_sample", "menghapus akun contoh"
    ADOPTED_DEFINITION = "adopted_definition", "memberlakukan SOP"
    PUBLISHED_VERSION = "published_version", "menerbitkan versi SOP"
    SCHEDULED_PERIODS = "scheduled_periods", "menjadwalkan periode setahun"
    OPENED_RUN = "opened_run", "membuka proses"
    COMPLETED_STEP = "completed_step", "menyelesaikan langkah"
    DECIDED_YES = "decided_yes", "menyetujui"
    DECIDED_NO = "decided_no", "tidak menyetujui dan mengembalikan"
    HANDED_OVER = "handed_over", "menyampaikan kepada pejabat yang menyelesaikan"
    RETURNED_WORK = "returned_work", "mengembalikan pekerjaan"
    WAIVED_UNIT = "waived_unit", "mengecualikan unit"
    REASSIGNED_ITEM = "reassigned_item", "menugaskan ulang"
    ATTACHED_FILE = "attached_file", "melampirkan berkas"
    CANCELLED_RUN = "cancelled_run", "membatalkan proses"
    CORRECTED_RUN = "corrected_run", "membuka proses perbaikan"
    MOVED_RUN = "moved_run", "memindahkan proses ke versi SOP lain"
    FINISHED_RUN = "finished_run", "mengarsipkan dan menutup proses"
    ISSUED_DOCUMENT = "issued_document", "menerbitkan naskah"
    UPLOADED_SIGNED = "uploaded_signed", "mengunggah naskah bertanda tangan"
