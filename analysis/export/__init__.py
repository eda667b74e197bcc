"""One module per format: a gated summary in, text or bytes out."""
