"""All URLs: the pages of `web`."""

from django.urls import include, path

urlpatterns = [path("", include("capaian.web.urls"))]

handler400 = "capaian.web.refusal_pages.bad_request"
handler403 = "capaian.web.refusal_pages.not_allowed"
handler404 = "capaian.web.refusal_pages.not_found"
handler500 = "capaian.web.refusal_pages.failed"
handler429 = "capaian.web.refusal_pages.too_many"  # asked for by allauth's rate limits
