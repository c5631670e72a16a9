"""What was sent, made readable without saying who sent it: no e-mail or IP address, ids and long numbers shortened."""

import re
from typing import Any, Final

import msgspec

SHOWN: Final = 6  # characters of an id: enough to find it again in one's own log
CUT: Final = "…"
MAIL: Final = "…@…"
# Keys whose values name somebody or something, in the words of the tools that send here; written without - and _.
_IDS: Final = frozenset({
    "visitorid", "userid", "sessionid", "eventid", "anonymousid", "messageid", "clientid", "deviceid", "distinctid",
    "insertid", "transactionid", "orderid", "clickid", "gclid", "gbraid", "wbraid", "fbclid", "msclkid", "lifatid",
    "ttclid", "dclid", "uuid", "uid", "cid", "sid", "tid", "id", "writekey", "token", "apikey", "fbp", "fbc",
})  # fmt: skip
_PERSONAL: Final = frozenset({"ip", "ipaddress", "email", "mail", "phone", "phonenumber", "firstname", "lastname",
                              "fullname", "address", "street", "birthday", "username", "password"})  # fmt: skip

_MAIL = re.compile(r"[\w.+-]+(?:@|%40)[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)
_IPV4 = re.compile(r"(?<![\d.])(\d{1,3}\.\d{1,3}\.\d{1,3})\.\d{1,3}(?![\d.])")
_IPV6 = re.compile(r"(?<![\w:])(?:[0-9a-f]{0,4}:){3,7}[0-9a-f]{0,4}(?![\w:])", re.IGNORECASE)
# A telephone or card number, with the signs that people put between its digits; not the digits of a date.
_NUMBER = re.compile(r"(?<![\w.:-])\+?\d(?:[ ()/.-]?\d){7,}(?![\w:-])")
_PAIR = re.compile(r'("([\w$-]{1,40})"\s*:\s*")([^"]*)')
# Letters and digits mixed, as random ids are: long enough not to be a word.
_TOKEN = re.compile(r"(?<![\w-])(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{20,}(?![\w-])")


def readable(raw: bytes) -> str:
    """Give input as text to be shown; JSON is laid out, bytes that are no text are shown as such."""
    try:
        value = msgspec.json.decode(raw)
    except (msgspec.DecodeError, RecursionError):
        # Cut in the middle, or no JSON at all: what looks like a key with a text is taken for one.
        return masked(_PAIR.sub(_pair, raw.decode("utf-8", "replace")))
    return msgspec.json.format(msgspec.json.encode(_in(value))).decode()


def masked(text: str) -> str:
    """Take from a text what names a person."""
    text = _MAIL.sub(MAIL, text)
    text = _IPV4.sub(r"\1.0", text)
    text = _IPV6.sub(lambda found: found[0][:4] + CUT, text)
    text = _NUMBER.sub(lambda found: found[0][:3] + CUT, text)
    return _TOKEN.sub(lambda found: found[0][:SHOWN] + CUT, text)


def shortened(text: str) -> str:
    """Cut an id."""
    text = _MAIL.sub(MAIL, text)
    return text if len(text) <= SHOWN else text[:SHOWN] + CUT


def _pair(found: re.Match[str]) -> str:
    return found[1] + str(_in(found[3], found[2]))


def _in(value: Any, key: str = "") -> Any:  # Any: JSON values
    if isinstance(value, dict):
        return {masked(str(name)): _in(each, str(name)) for name, each in value.items()}
    if isinstance(value, list):
        return [_in(each, key) for each in value]
    plain = key.lower().replace("_", "").replace("-", "").replace("$", "")
    if plain in _PERSONAL and value not in {None, ""}:
        return CUT
    if plain in _IDS and isinstance(value, str | int) and not isinstance(value, bool):
        return shortened(str(value))
    return masked(value) if isinstance(value, str) else value
