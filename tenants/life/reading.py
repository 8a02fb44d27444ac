"""What makes an archive readable for its owner: two sheets, what the tables hold, and where to begin."""

import csv
import io
from collections.abc import Callable, Iterable
from typing import Any

from django.apps import apps
from django.conf import settings
from django.utils import translation
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from tenants.life import sealing, tables

FORMULA = "=+-@\t\r"  # a spreadsheet would work it out; phone numbers begin with + and stay as they are


def write_sheets(studio: Any, open_file: Callable[[str], Callable[[bytes], object]]) -> None:
    """The sheets of settings.STUDIO_SHEETS, in the studio's language; `open_file(name)` gives what takes the bytes."""
    with translation.override(studio.language):
        for name, lines in import_string(settings.STUDIO_SHEETS)(studio.timezone):
            write_csv(lines, open_file(f"{name}.csv"))


def dictionary(found: Iterable[tables.Table], language: str) -> bytes:
    """CSV: of every table what a row is, of every column what it holds, as far as the models say so."""
    body: list[bytes] = []
    with translation.override(language):
        write_csv(_dictionary_lines(found), body.append)
    return b"".join(body)


def write_csv(lines: Iterable[list[Any]], write: Callable[[bytes], object]) -> None:
    """UTF-8 with BOM for Excel, lines ending as RFC 4180 wants; what begins like a formula is disarmed."""
    write("\ufeff".encode())
    for line in lines:
        text = io.StringIO(newline="")
        csv.writer(text).writerow([_disarmed(cell) for cell in line])
        write(text.getvalue().encode())


def _disarmed(cell: Any) -> Any:
    if not isinstance(cell, str) or not cell.startswith(tuple(FORMULA)):
        return cell
    return cell if cell[1:].replace(".", "", 1).isdigit() else f"'{cell}"


def _dictionary_lines(found: Iterable[tables.Table]) -> Iterable[list[Any]]:
    yield [_("Table"), _("A row is"), _("Column"), _("What it holds"), _("Kind of value"), _("Refers to")]
    models = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}
    for table in found:
        clear = sealing.readable(table)
        meta = models[table.name]._meta if table.name in models else None
        row = str(meta.verbose_name) if meta else ""
        fields = {field.column: field for field in meta.concrete_fields} if meta else {}
        for name, kind in clear.columns if clear else []:
            field = fields.get(name)
            other = field.related_model._meta.db_table if field is not None and field.related_model else ""
            yield [table.name, row, name, str(field.verbose_name) if field is not None else "", kind, other]


def read_me(studio: dict[str, Any]) -> bytes:
    """The first thing that the owner opens; `studio` as the manifest tells it."""
    with translation.override(studio["language"]):
        text = "\r\n".join(_paragraphs(studio))
    return f"\ufeff{text}\r\n".encode()


def _paragraphs(studio: dict[str, Any]) -> list[str]:
    return [
        _("Everything of %(name)s, as it stood at one moment.") % {"name": studio["name"]},
        "",
        _("To read: open the two sheets in the folder “overview” with Excel, WPS or Numbers."),
        _("There are all customers and all orders, amounts with decimals, times as on the branch's clock."),
        "",
        _("What else is in here:"),
        _("tables/ – every table of the studio as a CSV file (UTF-8)."),
        _("dictionary.csv – what a row of each table is and what its columns hold."),
        _("objects/ – signed contracts as PDF always; photographs when they were asked for."),
        _("objects.csv – a list of all files; the column “included” says 1 when the file is in objects/."),
        _("platform/ – passwords and codes, sealed. Only the platform opens them, when it restores the studio."),
        _("manifest.json – for programs: columns, numbers of rows and checksums (SHA-256)."),
        "",
        _("In tables/ amounts are whole numbers of the smallest unit (fen, cents): 12800 means 128.00."),
        _("In tables/ times are in UTC with their offset: add 8 hours for China. An empty field means “unknown”."),
        _("selection_photo.csv lists the photographs. Its original_key is t/%(schema)s/ and the key of objects.csv.")
        % {"schema": studio["schema_name"]},
        "",
        _("Not in here: who is logged in, one-time codes, and the keys of your pay accounts."),
        _("Please keep this archive safe: it holds names, phone numbers and contracts of your customers."),
    ]
