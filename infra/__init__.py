"""One machine's worth of services and tools around the product; the product never imports it.

PostgreSQL, Valkey and an S3 server come from wheels (`postgres`, `valkey`, `s3`), `services` starts them
together, `stack` adds the application processes and the proxy, `demo`, `testrun` and `lint` are what
`make` calls. Production points the same environment variables at real services and needs none of this.
"""
