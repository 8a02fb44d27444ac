"""Verbs of use rights. Order of locks: gallery row → order row → board stream."""

from selection.rights.services.consents import note_revocation, revoke_consent, sign_consent
from selection.rights.services.samples import add_samples, remove_sample, tag_sample
from selection.rights.services.works import add_works, end_release

__all__ = [
    "add_samples",
    "add_works",
    "end_release",
    "note_revocation",
    "remove_sample",
    "revoke_consent",
    "sign_consent",
    "tag_sample",
]
