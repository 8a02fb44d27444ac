"""`/m/<gallery code>/<token>/<number>-<rendition_rev>/<size>.webp`; a final has `f` before its number, a spread `a`.

`c<number>`: an unmarked picture of a delivered final, under a token of its own; `story/…`: one of a shared story;
`v<number>.mp4` and `story/…/v<number>.mp4`: the clip.
`/m/library/<sample code>/<size>.webp` is the sample library's own door: for staff, while the consent stands.
`/m/works/…`: the same for everybody, of samples that may be on the website.
"""

from django.urls import path, re_path

from selection.media import clips, views

app_name = "media"
urlpatterns = [
    re_path(r"^library/(?P<sample>[a-z0-9]{4,16})/(?P<size>[tp])\.webp$", views.sample, name="sample"),
    re_path(r"^works/(?P<sample>[a-z0-9]{4,16})/(?P<size>[tp])\.webp$", views.showcase, name="showcase"),
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
        r"^(?P<code>[a-z0-9]{4,16})/(?P<token>[\w-]{16})/v(?P<number>\d{1,6})\.mp4$",
        clips.clip,
        name="clip",
    ),
    re_path(
        r"^story/(?P<share>[\w-]{20,32})/v(?P<number>\d{1,6})\.mp4$",
        clips.story_clip,
        name="story-clip",
    ),
    re_path(
        r"^story/(?P<share>[\w-]{20,32})/(?P<number>\d{1,6})/(?P<size>[tp])\.webp$",
        views.story,
        name="story",
    ),
]
