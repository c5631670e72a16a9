"""Reports as ad platforms export them, for tests."""

GOOGLE = """Campaign report
November 1, 2026 - November 30, 2026
Day,Campaign,Campaign ID,Ad group,Currency code,Cost,Impr.,Clicks,CTR,Avg. CPC,Conversions,Conv. value
2026-11-20,Brand,111,Exact,NOK,"1,234.50","12,345",210,1.70%,5.88,4.50,"2,250.00"
2026-11-20,Brand,111,Phrase,NOK,100.25,900,11,1.22%,9.11, --, --
2026-11-21,Shoes,222,Exact,NOK, --,15,0,0.00%, --,0.00,0.00
Total: Campaigns, --, --, --,NOK,"1,334.75","13,260",221,1.67%,6.04,4.50,"2,250.00"
Total: Account, --, --, --,NOK,"1,334.75","13,260",221,1.67%,6.04,4.50,"2,250.00"
"""
GOOGLE_NORWEGIAN = """Kampanjerapport
1. november 2026–30. november 2026
Dag;Kampanje;Kampanje-ID;Annonsegruppe;Valutakode;Kostnad;Visn.;Klikk;Konverteringer;Konv.verdi
20.11.2026;Merkevare;111;Eksakt;NOK;1 234,50;12 345;210;4,5;2 250,00
20.11.2026;Merkevare;111;Frase;NOK;100,25;900;11; --; --
Totalt: kampanjer; --; --; --;NOK;1 334,75;13 245;221;4,5;2 250,00
"""
META = """Reporting starts,Reporting ends,Campaign name,Ad set name,Amount spent (EUR),Impressions,Link clicks,Clicks (all),Results
2026-11-01,2026-11-30,,,305.1,9100,95,130,12
2026-11-20,2026-11-20,Winter,Oslo,200.1,6100,60,80,7
2026-11-21,2026-11-21,Winter,Bergen,105,3000,35,50,
"""  # noqa: E501  # as it is
LINKEDIN = (
    """Campaign Performance Report (in UTC)
Report Start: November 1, 2026, 12:00 AM
Date Generated: November 22, 2026, 9:00 AM

Start Date (in UTC);Account Name;Currency;Campaign Group Name;Campaign ID;Campaign Name;Total Spent;Impressions;Clicks;Conversions;Total Conversion Value;Leads
11/20/2026;Acme AS;EUR;Brand;333;Decision makers;55.5;2000;12;1;100.0;0
11/21/2026;Acme AS;EUR;Brand;333;Decision makers;44.25;1800;9;0;0.0;1
""".replace(";", "\t")  # noqa: E501
    .replace("\n", "\r\n")
    .encode("utf-16-le")
)
MICROSOFT = """"Report Name: Campaign performance"
"Report Time: 11/1/2026 - 11/30/2026"
"Time Zone: Berlin"

"TimePeriod","AccountName","CampaignName","CampaignId","CurrencyCode","Impressions","Clicks","Spend","Conversions","Revenue"
"2026-11-20","Acme","Search NO","444","NOK","1,000","40","321.09","2","500.00"
"©2026 Microsoft Corporation. All rights reserved. "
"""
PINTEREST = """Date,Campaign name,Campaign ID,Ad group ID,Pin promotion ID,Spend in account currency,Impressions,Pin clicks,Outbound clicks,Saves,Total checkouts (Click/Engagement/View),Total order value (Checkout)
2026-11-20,Tea,555,66,77,12.34,4000,70,31,8,2,59.00
"""  # noqa: E501
TIKTOK = """By Day,Campaign name,Campaign ID,Ad group name,Cost,Impressions,Clicks (destination),CPC (destination),Conversions,Currency
2026-11-20,Young,666,NO 18-24,99.99,20000,150,0.67,3,EUR
2026-11-20,Young,666,NO 25-34,0,0,0,0,0,EUR
Total of 2 results,-,-,-,99.99,20000,150,0.67,3,EUR
"""  # noqa: E501
