"""Visits as Matomo's Live.getLastVisitsDetails gives them, for tests; without the many members that nobody reads."""

from typing import Any

START = 1_795_168_800  # 2026-11-20 10:00 UTC

VISIT: dict[str, Any] = {
    "idSite": "1",
    "idVisit": "77",
    "visitorId": "0123456789abcdef",
    "userId": "u1",
    "siteCurrency": "EUR",
    "referrerType": "campaign",
    "referrerName": "winter",
    "referrerKeyword": "boots",
    "campaignSource": "avisa",
    "campaignMedium": "newsletter",
    "referrerUrl": None,
    "deviceType": "Smartphone",
    "browserName": "Firefox",
    "operatingSystemName": "Android",
    "languageCode": "nb-no",
    "actionDetails": [
        {"type": "action", "url": "https://shop.example/tea", "pageTitle": "Tea", "timestamp": START},
        {"type": "search", "siteSearchKeyword": "mug", "siteSearchCount": "3", "timestamp": START + 9},
        {"type": "event", "eventCategory": "form", "eventAction": "sent", "eventName": "x", "timestamp": START + 20},
        {"type": "goal", "goalId": 3, "goalName": "Sign-up", "revenue": 0, "timestamp": START + 20},
        {"type": "goal", "goalId": 4, "goalName": "Lead", "revenue": 12.5, "timestamp": START + 21},
        {"type": "download", "url": "https://shop.example/a.pdf?x=1", "timestamp": START + 30},
        {"type": "outlink", "url": "https://other.example/", "timestamp": START + 31},
        {
            "type": "ecommerceOrder",
            "orderId": "O1",
            "revenue": "99.5",
            "revenueTax": "9.5",
            "timestamp": START + 60,
            "itemDetails": [
                {"itemSKU": "SKU-1", "itemName": "Blue mug", "itemCategory": "Kitchen", "price": 24.75, "quantity": 2},
                {"itemSKU": "SKU-2", "itemName": "Tea", "price": "50", "quantity": "1"},
            ],
        },
        {"type": "ecommerceAbandonedCart", "revenue": "10", "timestamp": START + 90},
        {"type": "form", "timestamp": START + 91},
    ],
}
SEARCHED: dict[str, Any] = {
    "idSite": "1",
    "idVisit": "78",
    "visitorId": "fedcba9876543210",
    "referrerType": "search",
    "referrerUrl": "https://www.google.com/",
    "actionDetails": [{"type": "action", "url": "https://shop.example/", "timestamp": str(START)}],
}
