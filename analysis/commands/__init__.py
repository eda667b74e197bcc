"""The commands of `python -m analysis`, one module each.

A command reads files, calls the functions that a notebook would call, and writes one file whole or
not at all. docs/command-line.md tells a reader what each does.
"""
