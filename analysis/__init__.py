"""What the answers mean: from counts to shares, readings and exports, through one disclosure gate.

Works from a notebook or a command line; needs neither Flask nor a database.
"""
