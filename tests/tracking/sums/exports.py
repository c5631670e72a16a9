"""Exports as Plausible writes them, for tests."""

import io
import zipfile
from collections.abc import Mapping

VISITORS = """"date","visitors","pageviews","bounces","visits","visit_duration"
"2025-12-31",119,304,77,134,21070
"2026-01-01",166,325,117,180,21467
"""
PAGES = """"date","hostname","page","visits","visitors","pageviews","total_scroll_depth","total_scroll_depth_visits"
"2025-12-31","shop.example","/",100,90,150,\\N,\\N
"2025-12-31","shop.example","/tea",30,25,60,900,12
"2026-01-01","shop.example","/tea",40,35,80,900,12
"""
SOURCES = (
    '"date","source","referrer","utm_source","utm_medium","utm_campaign","utm_content","utm_term"'
    ',"pageviews","visitors","visits","visit_duration","bounces"\n'
    '"2025-12-31","Google","google.com","","","","","",70,23,25,8249,13\n'
    '"2025-12-31","","","","","","","",170,66,79,8249,13\n'
)
EVENTS = """"date","name","link_url","path","visitors","events"
"2025-12-31","Signup","","",3,4
"""
ALL = {"visitors": VISITORS, "pages": PAGES, "sources": SOURCES, "custom_events": EVENTS}
# The other tables, each with the row that Plausible's guidelines show.
OTHERS = {
    "entry_pages": '"date","entry_page","visitors","entrances","visit_duration","bounces","pageviews"\n'
    '"2023-02-09","/docs",28,29,3573,13,64\n',
    "exit_pages": '"date","exit_page","visitors","visit_duration","exits","bounces","pageviews"\n'
    '"2023-02-09","/docs",14,224,14,13,23\n',
    "locations": '"date","country","region","city","visitors","visits","visit_duration","bounces","pageviews"\n'
    '"2023-02-09","FR","FR-PAC",3027647,1,1,4,0,2\n',
    "devices": '"date","device","visitors","visits","visit_duration","bounces","pageviews"\n'
    '"2023-02-09","Mobile",12,13,140,10,17\n',
    "browsers": '"date","browser","browser_version","visitors","visits","visit_duration","bounces","pageviews"\n'
    '"2023-02-09","Safari","16.3",5,6,512,2,10\n',
    "operating_systems": '"date","operating_system","operating_system_version","visitors","visits","visit_duration"'
    ',"bounces","pageviews"\n"2023-02-09","","",1,1,8,0,24\n',
}


def archive(tables: Mapping[str, str] = ALL, *, folder: str = "") -> bytes:
    """Pack tables as Plausible does, and what a Mac adds where somebody packs them again."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for kind, table in tables.items():
            file.writestr(f"{folder}imported_{kind}_20251231_20260101.csv", table)
            file.writestr(f"__MACOSX/{folder}._imported_{kind}_20251231_20260101.csv", "x")
        file.writestr("readme.txt", "hello")
    return packed.getvalue()
