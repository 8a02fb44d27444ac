"""Why a socket closes. The client (js/lib/live.js) connects again after RESYNC only."""

LOGIN = 4401
FORBIDDEN = 4403
UNKNOWN = 4404
RESYNC = 4408  # reader too slow, rights changed, or the socket is old: connect again and catch up
TOO_MANY = 4429
BAD_MESSAGE = 4400
