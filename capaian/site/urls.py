"""All URLs: the pages of `web`."""

from django.urls import include, path

urlpatterns = [path("", include("capaian.web.urls"))]
