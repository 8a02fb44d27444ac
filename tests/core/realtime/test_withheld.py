"""What a reader may not hear is not sent, and the silence is not taken for a lost poke."""

from typing import Any

from core.realtime.sockets import Socket
from core.realtime.withheld import Withheld


def poke(seq: int, kind: str = "photo.ready", epoch: int = 1) -> dict[str, Any]:
    return {"stream": "gallery.1", "type": kind, "seq": seq, "epoch": epoch}


def test_the_next_poke_says_after_which_it_comes() -> None:
    withheld = Withheld()
    for seq in (6, 7, 8):
        withheld.add(poke(seq))
    assert withheld.bridge(poke(9)) == {**poke(9), "after": 5}
    assert withheld.bridge(poke(10)) == poke(10)


def test_a_poke_that_was_lost_is_not_bridged() -> None:
    withheld = Withheld()
    withheld.add(poke(6))
    withheld.add(poke(8))  # the seventh never came: it may have been for this reader
    assert withheld.bridge(poke(9)) == {**poke(9), "after": 7}
    withheld.add(poke(10))
    assert withheld.bridge(poke(12)) == poke(12)
    withheld.add(poke(13))
    assert withheld.bridge(poke(14, epoch=2)) == poke(14, epoch=2)


def test_beats_do_not_tell_of_it_either() -> None:
    withheld = Withheld()
    assert withheld.standing([1, 5]) == [1, 5]
    withheld.add(poke(6))
    withheld.add(poke(7))
    assert withheld.standing([1, 7]) == [1, 5]
    assert withheld.standing([1, 8]) == [1, 8]  # something that this socket has not heard of
    assert withheld.standing([2, 7]) == [2, 7]
    assert withheld.bridge({"stream": "here", "type": "presence"}) == {"stream": "here", "type": "presence"}
    assert withheld.standing([1, 7]) == [1, 5]


def test_a_socket_sends_nothing_of_what_its_lens_withholds() -> None:
    import json

    socket = Socket({"studio": None, "headers": []}, None, None, kind="gallery", name="x")
    socket._lenses = {"c": lambda message: None if message["type"] == "photo.picked" else message}
    socket.poke("c", json.dumps(poke(6, "photo.picked")))
    assert socket._queue.empty()
    assert socket.standing("c", [1, 6]) == [1, 5]
    socket.poke("c", json.dumps(poke(7)))
    assert json.loads(socket._queue.get_nowait()) == {**poke(7), "after": 5}
    assert socket.standing("other", [1, 3]) == [1, 3]
