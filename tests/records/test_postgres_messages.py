"""What is said where a PostgreSQL server lets nobody in or cannot be reached: read from the server's own words."""

import pytest

from infoshare.records.store.errors import StoreError

psycopg = pytest.importorskip("psycopg")
AT = 'connection failed: connection to server at "127.0.0.1", port 5432 failed: '


def told(text):
    from infoshare.records.store.postgres import _translated

    with pytest.raises(StoreError) as error, _translated():
        raise psycopg.OperationalError(AT + text)
    return error.value


@pytest.mark.parametrize(
    "text",
    [
        'FATAL:  password authentication failed for user "robin"',
        'FATAL:  Peer authentication failed for user "robin"',
        "fe_sendauth: no password supplied",
        'FATAL:  role "robin" does not exist',
        'FATAL:  no pg_hba.conf entry for host "192.0.2.1", user "robin", database "x", no encryption',
    ],
)
def test_whom_the_server_does_not_let_in_is_told_to_check_name_and_password(text):
    error = told(text)
    assert str(error).startswith("the database does not let this user in")
    assert "the user's name and password" in error.help
    assert "file and its folder" not in error.help


@pytest.mark.parametrize(
    ("text", "why", "help_"),
    [
        ('FATAL:  database "x" does not exist', "there is no such ledger", "infoshare record init"),
        ("Connection refused", "the database cannot be reached", "the address and the port"),
        ("FATAL:  sorry, too many clients already", "the database cannot be reached", "one connection more"),
    ],
)
def test_what_is_no_matter_of_a_password_is_not_told_as_one(text, why, help_):
    error = told(text)
    assert str(error).startswith(why) and help_ in error.help
    assert "password" not in error.help
