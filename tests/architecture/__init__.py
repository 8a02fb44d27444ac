"""The house's rules as tests: each can be seen to fail on a planted violation."""
