"""Pay providers for the demo and the tests: the used part of Stripe's API, WeChat Pay v3 and Alipay, with memory.

One process (`infra.fakes.app`), spoken to by the vendors' own libraries over HTTP, with pages where a person pays,
fails or walks away, signed notifications to the product, and controls for tests below `/_control/`. Not for production:
real keys and addresses in the environment take its place (README: configuration).
"""
