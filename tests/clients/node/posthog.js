// The journey with PostHog's library for Node.js, of a visitor whose id the server knows from the browser.
import { PostHog } from "posthog-node";
import { address, journey, key } from "../given.js";

const posthog = new PostHog(key, { host: address, fetchRetryDelay: 100 });
const anyone = { $device_id: journey.visitor };

function capture(distinctId, event, properties) {
  posthog.capture({ distinctId, event, properties: { ...anyone, ...properties } });
}

capture(journey.visitor, "$pageview", { $current_url: journey.landing, $referrer: journey.referrer });
capture(journey.visitor, "$pageview", { $current_url: journey.second, $referrer: journey.landing });
capture(journey.visitor, journey.micro);
posthog.identify({ distinctId: journey.user, properties: { ...anyone, $anon_distinct_id: journey.visitor } });
capture(journey.user, "Order Completed", {
  order_id: journey.order,
  revenue: journey.total,
  currency: journey.currency,
  products: journey.lines.map(({ sku, ...line }) => ({ product_id: sku, ...line })),
});
await posthog.shutdown();
