"""What any business software would want unchanged: money, time, states, codes, events, live pokes, storage, errors."""
