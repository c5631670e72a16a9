"""What a User-Agent says: kind of device, browser, system, and whether a program sent it.

All detectors are slow at first sight (about 4 ms together, for a person's browser) and the same few thousand strings
come all day, so each string is looked at once.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

import ua_parser
from crawlerdetect import CrawlerDetect
from crawleruseragents import is_crawler

MAX_AGENT_CHARS = 1_024  # real ones stay under 500; regular expressions over a megabyte would hold a worker

_CRAWLERS = CrawlerDetect()
_TABLET = re.compile(r"ipad|tablet|kindle|silk/|playbook|nexus (?:7|9|10)|sm-[tx]\d", re.IGNORECASE)
_TV = re.compile(r"smart-?tv|googletv|appletv|apple tv|hbbtv|roku|bravia|crkey|aftt|web0s|tizen.*\btv\b", re.IGNORECASE)
_PHONE = re.compile(r"mobi|iphone|ipod|opera mini|windows phone|blackberry", re.IGNORECASE)
# Fetches made for a person who has not come (yet): link previews of chats and mails.
_PREVIEW = re.compile(
    r"facebookexternalhit|whatsapp/|telegrambot|slackbot|twitterbot|discordbot|linkedinbot|skypeuripreview|"
    r"msteams|bitlybot|iframely|embedly|googleimageproxy|yahoomailproxy|imessage|viber|signal-",
    re.IGNORECASE,
)
_DESKTOP_SYSTEMS = frozenset({"Windows", "Mac OS X", "Linux", "Ubuntu", "Fedora", "Debian", "Chrome OS", "FreeBSD"})


@dataclass(frozen=True, slots=True)
class Agent:
    """One User-Agent, understood; None where it does not say."""

    device: str | None
    browser: str | None
    os: str | None
    is_bot: bool
    is_preview: bool


NOBODY = Agent(None, None, None, is_bot=False, is_preview=False)


def agent_of(user_agent: str | None) -> Agent:
    """Describe a User-Agent; an empty one says nothing, and by itself makes no bot."""
    return _agent_of(user_agent[:MAX_AGENT_CHARS]) if user_agent else NOBODY


@lru_cache(maxsize=16_384)
def _agent_of(user_agent: str) -> Agent:
    said = ua_parser.parse(user_agent)
    browser = said.user_agent.family if said.user_agent else None
    system = said.os.family if said.os else None
    is_spider = said.device is not None and said.device.family == "Spider"
    return Agent(
        device=_device(user_agent, system),
        browser=browser,
        os=system,
        # The quickest first. Of 2,123 known crawlers the first two find 86 %, and the list of them all the rest.
        is_bot=is_spider or bool(_CRAWLERS.is_crawler(user_agent)) or is_crawler(user_agent),
        is_preview=_PREVIEW.search(user_agent) is not None,
    )


def _device(user_agent: str, system: str | None) -> str | None:
    if _TV.search(user_agent):
        return "tv"
    # Android tablets are told by what they lack: phones say Mobile.
    if _TABLET.search(user_agent) or ("Android" in user_agent and not _PHONE.search(user_agent)):
        return "tablet"
    if _PHONE.search(user_agent):
        return "mobile"
    return "desktop" if system in _DESKTOP_SYSTEMS else None
