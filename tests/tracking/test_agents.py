import pytest
from crawleruseragents import CRAWLER_USER_AGENTS_DATA

from tracking.agents import NOBODY, agent_of

AGENTS = {
    "phone": ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Mobile/15E148 Safari/604.1", "mobile", "iOS"),
    "android phone": (
        "Mozilla/5.0 (Linux; Android 14; Pixel 8) Chrome/130.0 Mobile Safari/5",
        "mobile",
        "Android",
    ),
    "android tablet": ("Mozilla/5.0 (Linux; Android 13; SM-X700) Chrome/130.0 Safari/537.36", "tablet", "Android"),
    "ipad": ("Mozilla/5.0 (iPad; CPU OS 16_0 like Mac OS X) Mobile/15E148 Safari/604.1", "tablet", "iOS"),
    "television": ("Mozilla/5.0 (SMART-TV; Linux; Tizen 6.0) Version/6.0 TV Safari/538.1", "tv", "Tizen"),
    "desktop": ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/130.0 Safari/537.36", "desktop", "Windows"),
}


@pytest.mark.parametrize(("user_agent", "device", "system"), AGENTS.values(), ids=AGENTS.keys())
def test_a_user_agent_tells_device_and_system(user_agent, device, system):
    agent = agent_of(user_agent)
    assert (agent.device, agent.os) == (device, system)
    assert not agent.is_bot


def test_nothing_is_known_of_nobody():
    assert agent_of("") is NOBODY
    assert agent_of(None) is NOBODY


def test_a_megabyte_of_user_agent_is_cut_before_it_is_searched():
    assert not agent_of("x" * 1_000_000).is_bot


# Of the list that the third detector brings: known neither to the first nor to the second.
ONLY_LISTED = {
    "an AI answer engine": "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; Perplexity-User/1.0)",
    "a crawler for AI": "meta-externalagent/1.1",
    "a driven browser": "Mozilla/5.0 (X11; Linux x86_64) Chrome/120.0 Safari/537.36 Playwright/1.40",
}
# Browsers within other programs, and programs made of a browser: people.
PEOPLE = {
    "facebook": "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Mobile/21A329 [FBAN/FBIOS;FBDV/iPhone14,5]",
    "instagram": "Mozilla/5.0 (iPhone; CPU iPhone OS 16_6 like Mac OS X) Mobile/15E148 Instagram 298.0.0.19.114",
    "pinterest": "Mozilla/5.0 (Linux; Android 13; wv) Chrome/117.0 Mobile Safari/537.36 [Pinterest/Android]",
    "google search": "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) GSA/284.0 Mobile/15E148 Safari/604.1",
}


@pytest.mark.parametrize("user_agent", ONLY_LISTED.values(), ids=ONLY_LISTED.keys())
def test_programs_that_one_list_alone_knows_are_found(user_agent):
    assert agent_of(user_agent).is_bot


@pytest.mark.parametrize("user_agent", PEOPLE.values(), ids=PEOPLE.keys())
def test_people_in_the_browsers_of_other_programs_are_no_bots(user_agent):
    assert not agent_of(user_agent).is_bot


def test_every_crawler_of_the_public_list_is_found_as_a_bot_or_a_preview():
    known = [example for entry in CRAWLER_USER_AGENTS_DATA for example in entry.get("instances", [])]
    sample = known[::20]
    assert len(sample) > 100, "needs examples"
    missed = [each for each in sample if not (agent_of(each).is_bot or agent_of(each).is_preview)]
    assert missed == []
