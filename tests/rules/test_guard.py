"""The guard of tests/conftest.py: what needs no database cannot open one by accident."""

from __future__ import annotations

import socket
import sqlite3

import psycopg
import pytest


def test_sqlite_is_refused_here() -> None:
    with pytest.raises(RuntimeError, match="neither database nor network"):
        sqlite3.connect(":memory:")


def test_network_is_refused_here() -> None:
    with socket.socket() as outward, pytest.raises(RuntimeError, match="nor network"):
        outward.connect(("127.0.0.1", 9))


def test_postgresql_is_refused_here() -> None:
    with pytest.raises(RuntimeError, match="neither database"):
        psycopg.connect("postgresql://127.0.0.1:9/none")
