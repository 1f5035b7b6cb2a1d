"""What the child process answers about an Annex A file, checked on this side."""

import pytest

from referrals.annex_a.answer import NotAsAgreed, read_answer
from tests.builders.annex_a import an_answer


@pytest.mark.parametrize("name", ["reference_date", "period_start", "period_end"])
@pytest.mark.parametrize("date", ["2022-02-30", "31/03/2022", "", None, 20_220_331])
def test_answer_when_a_date_is_none_then_it_is_not_as_agreed_and_is_not_quoted(name, date):
    with pytest.raises(NotAsAgreed, match=r"of another shape: (ValueError|TypeError)\Z"):
        read_answer(an_answer(**{name: date}))
