"""Staff's side of a booking: wishes and plan, booking while on the phone, new dates."""
