"""Sockets: authorise at subscribe, forward pokes, never data.

Protocol (JSON text). Server: `hello`/`beat`/`check` {at: {stream: [epoch, seq]}} · a poke {stream, type, seq, epoch, …}
· `events` {stream, events, epoch, seq} · `snapshot` {stream, epoch, seq}. Client: {stream, since, epoch} · {ack: n}
(messages received so far: the only sign of a slow reader that Daphne lets through).
"""
