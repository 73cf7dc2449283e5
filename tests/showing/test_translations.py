"""Translations: what shipped files say in English has its German, of what it says now; other people's words stay."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from showing.translated import GERMAN, KINDS, untranslated

from triangle.base.files import read_toml
from triangle.players.cast import SHIPPED
from triangle.showing import translations
from triangle.showing.phrases import read_phrases
from triangle.showing.translations import digest, pairs, translation


@pytest.mark.parametrize("kind", KINDS)
def test_all_that_shipped_files_say_has_its_german_of_what_they_say_now(kind: str):
    assert untranslated(kind) == []


@pytest.mark.parametrize("kind", KINDS)
def test_no_german_is_kept_of_what_no_file_says_any_more(kind: str):
    said = {digest(text) for _, texts in KINDS[kind]() for text in texts.values()}
    assert {original for original, _ in pairs(read_toml(GERMAN / f"{kind}.toml"))} <= said


def test_a_sentence_that_begins_with_a_short_word_is_among_them():
    assert "It {assumption}." in dict(KINDS["spoken"]())["spoken"]


def test_different_texts_have_different_digests():
    texts = {" ".join(text.split()) for kind in KINDS.values() for _, found in kind() for text in found.values()}
    assert [count for count in Counter(map(digest, texts)).values() if count > 1] == []


def test_a_changed_text_shows_its_own_words_instead_of_a_translation_of_the_old():
    say, title = read_phrases("de", SHIPPED), "The default world of 2024"
    assert say.translated(title)[0].text == "Die Ausgangswelt von 2024"
    assert say.translated(" The default\n  world of 2024 ")[0].text == "Die Ausgangswelt von 2024"
    (kept,) = say.translated(title.replace("2024", "2025"))
    assert (kept.text, kept.kind) == ("The default world of 2025", "foreign")


def test_words_in_the_language_that_they_were_written_in_need_no_file(monkeypatch: pytest.MonkeyPatch):
    def refused(path: Path) -> None:
        raise AssertionError(path)

    translations._translations.cache_clear()
    monkeypatch.setattr(translations, "read_toml", refused)
    assert translation("The default world of 2024", "en") is None
