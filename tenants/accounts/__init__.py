"""The one user table per schema: staff inside a studio, operators in `public`."""
