"""`/m/<gallery code>/<token>/<number>-<rendition_rev>/<size>.webp`; a final has `f` before its number, a spread `a`.

`c<number>`: an unmarked picture of a delivered final, under a token of its own; `story/…`: one of a shared story.
`/m/library/<sample code>/<size>.webp` is the sample library's own door: for staff, while the consent stands.
`/m/shown/<sample code>/<size>.webp`: for everybody, while a consent covers the website.
"""

from django.urls import path, re_path

from selection.media import views

app_name = "media"
urlpatterns = [
    re_path(r"^library/(?P<sample>[a-z0-9]{4,16})/(?P<size>[tp])\.webp$", views.sample, name="sample"),
    re_path(r"^shown/(?P<sample>[a-z0-9]{4,16})/(?P<size>[tp])\.webp$", views.shown, name="shown"),
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
    re_path(
        r"^(?P<code>[a-z0-9]{4,16})/(?P<token>[\w-]{16})/a(?P<number>\d{1,6})-(?P<rev>\d{1,6})/(?P<size>[tp])\.webp$",
        views.spread,
        name="spread",
    ),
    re_path(
        r"^(?P<code>[a-z0-9]{4,16})/(?P<token>[\w-]{16})/c(?P<number>\d{1,6})/(?P<size>[tp])\.webp$",
        views.clean,
        name="clean",
    ),
    re_path(
        r"^story/(?P<share>[\w-]{20,32})/(?P<number>\d{1,6})/(?P<size>[tp])\.webp$",
        views.story,
        name="story",
    ),
]
