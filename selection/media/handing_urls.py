"""`/d/<gallery code>/<pass>/<what>/<name>`; `what`: `f12` a final, `o12` an original, `zf1` a ZIP part of finals.

`v20` is the clip of the story.
"""

from django.urls import re_path

from selection.media import handing

app_name = "delivery"
urlpatterns = [
    re_path(r"^(?P<code>[a-z0-9]{4,16})/(?P<given>[\w.-]{8,60})/$", handing.root, name="root"),
    re_path(
        r"^(?P<code>[a-z0-9]{4,16})/(?P<given>[\w.-]{8,60})/(?P<what>z?[fov]\d{1,6})/(?P<name>[^/]{1,300})$",
        handing.take,
        name="take",
    ),
]
