"""Use-cases: each function does one thing a person asks for. No Flask; the caller commits."""
