"""Asks the questions and keeps the answers: the web application, its data and its commands."""
