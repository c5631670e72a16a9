"""Which currencies there are (ISO 4217), and how many decimals an amount in each has."""

# ruff: noqa: SIM905  # a table of codes is read as words, not as a list of literals

from typing import Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

COMMON: Final = ("NOK", "SEK", "DKK", "EUR", "ISK", "GBP", "USD")  # offered first
DECIMALS: Final = 2  # of every currency that the next line does not name
OTHER_DECIMALS: Final[dict[str, int]] = {
    **dict.fromkeys(
        "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(), 0
    ),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),
    "CLF": 4,
    "UYW": 4,
}  # fmt: skip
CURRENCIES: Final = frozenset(
    """
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE
    CHF CHW CLF CLP CNY COP COU CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD
    HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD
    MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR
    RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH
    UGX USD USN UYI UYU UYW UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG
    """.split()
)


def currency_exists(code: str) -> None:
    """Refuse a code that ISO 4217 does not have."""
    if code not in CURRENCIES:
        raise ValidationError(_('"%(code)s" is not a currency; choose one such as NOK'), params={"code": code})


def decimals_of(code: str) -> int:
    """Give the number of decimals of the currency's amounts: 2, for JPY 0, for KWD 3."""
    return OTHER_DECIMALS.get(code, DECIMALS)
