"""The second step of logging in: a code of an authenticator app, a passkey, or a recovery code. Staff and operators."""
