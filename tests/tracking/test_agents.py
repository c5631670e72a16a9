import pytest

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
