"""The text of a slice: what is one, what it is cut by, and which parts nobody has begun."""

import pytest

from indicators.slice_keys import dimensions_in, is_slice_key, untouched_parts


@pytest.mark.parametrize("text", ["", "grade=good", "grade=good|service=fostering", "age=1-to-4"])
def test_text_when_written_as_a_slice_then_it_is_one(text):
    assert is_slice_key(text)


@pytest.mark.parametrize(
    "text",
    ["grade", "=good", "grade=", "grade=good|", "|", "Grade=good", "grade=good\x00", "a=b" * 200, "grade=%", "a=b\n"],
)
def test_text_when_written_otherwise_then_it_is_none(text):
    assert not is_slice_key(text)


def test_dimensions_when_of_a_key_then_in_its_order():
    assert dimensions_in("grade=good|service=fostering") == ("grade", "service")
    assert dimensions_in("") == ()


def test_parts_when_nobody_has_begun_then_they_may_be_left_out_with_their_whole_in_place():
    lines = {1: (7, ""), 2: (7, "sex=male"), 3: (7, "sex=female"), 4: (7, "age=1"), 5: (8, "sex=male")}
    assert untouched_parts(lines, []) == {2, 3, 4}
    assert untouched_parts(lines, [1]) == {2, 3, 4}
    assert untouched_parts(lines, [2]) == {4}
    assert untouched_parts(lines, [5]) == {2, 3, 4}
    assert untouched_parts(lines, [99]) == {2, 3, 4}
