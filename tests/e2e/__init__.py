"""The whole product as people meet it: a real browser at the proxy, no row touched from inside the test's process."""
