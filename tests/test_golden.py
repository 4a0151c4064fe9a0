"""Sources and what is said about them, side by side in `tests/golden`: each message is read aloud before it is kept.

`INFOSHARE_REWRITE=1 python -m pytest tests/test_golden.py` writes what is said now into the pages, to be read again.
"""

import pytest

from pages import GOLDEN_PAGES, REWRITE, blocks, expected, play, read_page, rewritten

PAGES = sorted(GOLDEN_PAGES.glob("*.md"))


@pytest.mark.parametrize("path", PAGES, ids=[path.stem for path in PAGES])
def test_what_is_said_is_what_the_page_shows(path, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    page = read_page(path)
    _, rendered = play(page.text, tmp_path)
    if REWRITE:
        rewritten(page, page.text, rendered)
    else:
        assert rendered == expected(page.text)


@pytest.mark.parametrize("path", PAGES, ids=[path.stem for path in PAGES])
def test_no_line_is_wider_than_a_screen_but_for_a_list_of_what_would_fit(path):
    shown = [line for line in expected(read_page(path).text).splitlines() if " | " in line]
    assert [line for line in shown if len(line) > 160] == []


def test_a_case_is_never_repeated_in_what_is_said_about_it():
    page = read_page(GOLDEN_PAGES / "a-case-with-many-mistakes.md")
    answers = ["Not asked yet", "twelve", "31/01/2014", "yes,"]
    (case,) = [block.text for block in blocks(page.text) if block.kind == "json"]
    assert all(answer in case for answer in answers[:3])
    assert [answer for answer in answers[:3] if answer in expected(page.text)] == []
