"""Sidecars as other people's readers see them: exiv2 (Adobe's own XMP parser inside), and expat for the XML."""

import io
import zipfile
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selection.retouch.xmp import clean, sidecar, zip_stream

NASTY = "少液化 <b>&amp; \"x\" 'y' ]]> 😀 \x00\x01\x0b\x1f\ud800\ufffe\r\n第二行\t<?xpacket end='w'?>"
RDF, DC = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}", "{http://purl.org/dc/elements/1.1/}"
XMP = "{http://ns.adobe.com/xap/1.0/}"


def read(body, tmp_path):
    """What exiv2 reads from a sidecar."""
    pyexiv2 = pytest.importorskip("pyexiv2")
    path = tmp_path / "DSC_1.xmp"
    path.write_bytes(body)
    with pyexiv2.Image(str(path)) as image:
        return image.read_xmp()


def test_an_independent_reader_reads_it(tmp_path):
    body = sidecar(
        rating=5, label="Red", keywords=["NS-2611-0001", "去斑", "a & <b>"], description="少液化\n<保留> 痣 & 😀"
    )
    assert read(body, tmp_path) == {
        "Xmp.xmp.Rating": "5",
        "Xmp.xmp.Label": "Red",
        "Xmp.dc.subject": ["NS-2611-0001", "去斑", "a & <b>"],
        "Xmp.dc.description": {'lang="x-default"': "少液化\n<保留> 痣 & 😀"},
    }


def test_nothing_a_customer_types_breaks_it(tmp_path):
    body = sidecar(rating=5, label="Red", keywords=[NASTY], description=NASTY)
    wanted = "少液化 <b>&amp; \"x\" 'y' ]]> 😀 \n第二行\t<?xpacket end='w'?>"
    found = read(body, tmp_path)
    assert found["Xmp.dc.description"] == {'lang="x-default"': wanted}
    assert found["Xmp.dc.subject"] == [wanted]


def test_a_photograph_without_wishes_has_no_empty_bag(tmp_path):
    assert read(sidecar(rating=5, label="Green"), tmp_path) == {"Xmp.xmp.Rating": "5", "Xmp.xmp.Label": "Green"}


def test_the_packet_is_one_and_says_so():
    body = sidecar(rating=5, label="Red")
    assert body.startswith(b'<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?>')
    assert body.rstrip().endswith(b'<?xpacket end="w"?>')


@given(text=st.text(), word=st.text(min_size=1))
def test_any_text_stays_one_well_formed_tree(text, word):
    tree = ET.fromstring(sidecar(rating=5, label=word, keywords=[word], description=text or "x"))
    node = tree.find(f"{RDF}RDF/{RDF}Description")
    assert (node.get(f"{XMP}Rating"), node.get("about"), node.get(f"{RDF}about")) == ("5", None, "")
    assert [len(node), len(node.findall(f"{DC}subject/{RDF}Bag/{RDF}li"))] == [2, 1]


def test_letters_of_every_script_survive():
    assert clean("漢字 Ärger עברית 😀 𠮷") == "漢字 Ärger עברית 😀 𠮷"


def test_the_zip_streams_and_opens():
    files = [(f"春日_{i}.xmp", sidecar(rating=5, label="Red", description="长" * 400)) for i in range(500)]
    chunks = list(zip_stream(files))
    assert len(chunks) > 5
    archive = zipfile.ZipFile(io.BytesIO(b"".join(chunks)))
    assert archive.testzip() is None
    assert archive.namelist() == [name for name, _body in files]
    assert archive.read("春日_7.xmp") == files[7][1]


def test_an_empty_zip_is_a_zip():
    assert zipfile.ZipFile(io.BytesIO(b"".join(zip_stream([])))).namelist() == []
