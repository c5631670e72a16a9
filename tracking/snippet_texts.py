"""Code of each set-up as it is copied, with $key, $write_key, $address, $host, $script and $stub to be filled in."""

TAG = """<script>$stub</script>
<script async src="$script" data-key="$write_key"></script>"""

CALL = """measureplan("purchase", {value: 499, currency: "NOK", transaction_id: "1001",
  items: [{item_id: "SKU-1", price: 249.5, quantity: 2}]});"""

CONSENT = """measureplan("consent", {analytics: true, ads: false});"""

# A tag manager's code is read as ES5, and what it inserts has lost attributes that it does not know.
TAG_MANAGER = """<script>
$stub;
(function () {
  var tag = document.createElement("script");
  tag.async = true;
  tag.src = "$script";
  tag.setAttribute("data-key", "$write_key");
  document.head.appendChild(tag);
})();
</script>"""

TAG_MANAGER_CALL = """<script>
measureplan("purchase", {value: {{Value}}, currency: {{Currency}}, transaction_id: {{Transaction id}}});
</script>"""

GTAG = """gtag("config", "$key", {server_container_url: "$address"});"""

# The write key is taken in place of Google's secret.
GA4_SERVER = """curl "$address/mp/collect?measurement_id=$key&api_secret=$write_key" \\
  -d '{"client_id": "111.222", "events": [{"name": "sign_up", "params": {"method": "mail"}}]}'"""

SEGMENT_BROWSER = """import { AnalyticsBrowser } from "@segment/analytics-next";

const analytics = AnalyticsBrowser.load({ writeKey: "$key", cdnURL: "$address" });
analytics.page();"""

# Segment's and PostHog's own keys stand in pages: a server is trusted by the write key alone.
SEGMENT_NODE = """import { Analytics } from "@segment/analytics-node";

const analytics = new Analytics({ writeKey: "$write_key", host: "$address" });"""

SEGMENT_PYTHON = """import segment.analytics as analytics

analytics.write_key = "$write_key"
analytics.host = "$address\""""

# The key stands in the path, so that the site's number, which many sites share, need not say whose it is.
MATOMO = """_paq.push(["setTrackerUrl", "$address/m/$key/matomo.php"]);"""

MATOMO_NODE = """import MatomoTracker from "matomo-tracker";

const tracker = new MatomoTracker(7, "$address/m/$write_key/matomo.php");"""

PLAUSIBLE = """<script defer data-domain="$key" data-api="$address/api/event"
  src="https://plausible.io/js/script.js"></script>"""

PLAUSIBLE_NPM = """import { init } from "@plausible-analytics/tracker";

init({ domain: "$key", endpoint: "$address/api/event" });"""

UMAMI = """<script defer data-website-id="$key" data-host-url="$address"
  src="https://cloud.umami.is/script.js"></script>"""

UMAMI_NODE = """import { Umami } from "@umami/node";

const umami = new Umami({ websiteId: "$key", hostUrl: "$address" });"""

UMAMI_PYTHON = """import umami

umami.set_url_base("$address")
umami.set_website_id("$key")"""

SNOWPLOW_BROWSER = """snowplow("newTracker", "sp", "$address", { appId: "$key" });
snowplow("trackPageView");"""

SNOWPLOW_PYTHON = """from snowplow_tracker import Snowplow

tracker = Snowplow.create_tracker(namespace="shop", app_id="$key", endpoint="$address")"""

POSTHOG_BROWSER = """posthog.init("$key", { api_host: "$address" });"""

POSTHOG_NODE = """import { PostHog } from "posthog-node";

const posthog = new PostHog("$write_key", { host: "$address" });"""

POSTHOG_PYTHON = """from posthog import Posthog

posthog = Posthog("$write_key", host="$address")"""

META_CURL = """curl "$address/v26.0/1234567890/events?access_token=$write_key" \\
  -F 'data=[{"event_name": "Purchase", "event_id": "order-1001",
            "user_data": {"external_id": "user-1"},
            "custom_data": {"value": 499, "currency": "NOK", "order_id": "1001"}}]'"""

META_PYTHON = """from facebook_business.api import FacebookAdsApi
from facebook_business.session import FacebookSession

FacebookSession.GRAPH = "$address"
FacebookAdsApi.init(access_token="$write_key")"""

CURL = """curl $address/api/v1/collect \\
  -H 'Content-Type: application/json' \\
  -H 'X-Write-Key: $write_key' \\
  -d '{"event_id": "order-1001", "name": "purchase", "visitor_id": "visitor-1",
       "value": "499.00", "currency": "NOK", "transaction_id": "1001"}'"""

PYTHON = """import json
import urllib.request

events = [
    {"event_id": "order-1001", "name": "purchase", "visitor_id": "visitor-1",
     "value": "499.00", "currency": "NOK", "transaction_id": "1001"},
]
request = urllib.request.Request(
    "$address/api/v1/collect/batch",
    json.dumps({"events": events}).encode(),
    {"Content-Type": "application/json", "X-Write-Key": "$write_key"},
)
print(urllib.request.urlopen(request, timeout=10).read().decode())"""
