"""`/m/<gallery code>/<token>/<number>-<rendition_rev>/<size>.webp`; a final has an `f` before its number.

`/m/library/<sample code>/<size>.webp` is the sample library's own door: for staff, while the consent stands.
"""

from django.urls import path, re_path

from selection.media import views

app_name = "media"
urlpatterns = [
    re_path(r"^library/(?P<sample>[a-z0-9]{4,16})/(?P<size>[tp])\.webp$", views.sample, name="sample"),
    path("<slug:code>/<slug:token>/", views.root, name="root"),
    re_path(
        r"^(?P<code>[a-z0-9]{4,16})/(?P<token>[\w-]{16})/(?P<number>\d{1,6})-(?P<rev>\d{1,6})/(?P<size>[tp])\.webp$",
        views.rendition,
        name="rendition",
    ),
    re_path(
        r"^(?P<code>[a-z0-9]{4,16})/(?P<token>[\w-]{16})/f(?P<number>\d{1,6})-(?P<rev>\d{1,6})/(?P<size>[tp])\.webp$",
        views.final,
        name="final",
    ),
]
