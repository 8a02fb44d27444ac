"""Numbers people say aloud, and codes nobody can guess."""

import secrets

from django.db import connection, models

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # no 0/o, 1/l/i: codes are read over the phone


class Counter(models.Model):
    """The last number given in a series; the row lock makes the series gap-free and unique under concurrency."""

    series = models.CharField(max_length=60, primary_key=True)
    value = models.BigIntegerField(default=0)

    class Meta:
        app_label = "core"

    def __str__(self) -> str:
        return f"{self.series}={self.value}"


def next_number(series: str) -> int:
    """The next number of the series, starting at 1. Holds the series' row lock until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_counter (series, value) VALUES (%s, 1) "
            "ON CONFLICT (series) DO UPDATE SET value = core_counter.value + 1 RETURNING value",
            [series],
        )
        return int(cursor.fetchone()[0])


def random_code(length: int = 10) -> str:
    """An unguessable lower-case code (5 bits a character)."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))
