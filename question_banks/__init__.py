"""What is asked: questionnaires as versioned files, their checks and their paths.

Needs neither Flask nor a database nor pandas.
"""
