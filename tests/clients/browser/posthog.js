// The journey with PostHog's library for browsers; what it does besides events is off. Its visitor stays until the
// page's events are taken: what it sends of a page that is left it never sends again.
import posthog from "/clients/node_modules/posthog-js/dist/module.js";

const { address, key, journey } = given;

posthog.init(key, {
  api_host: address,
  autocapture: false,
  capture_pageview: false, // it waits for a moment, in which the visitor below would have signed in
  capture_pageleave: false,
  disable_session_recording: true,
  disable_surveys: true,
  request_queue_config: { flush_interval_ms: 250 },
});
posthog.capture("$pageview");
if (location.pathname !== "/tea") {
  posthog.capture(journey.micro);
  posthog.identify(journey.user);
  posthog.capture("Order Completed", {
    order_id: journey.order,
    revenue: journey.total,
    currency: journey.currency,
    products: journey.lines.map(({ sku, ...line }) => ({ product_id: sku, ...line })),
  });
}
await new Promise((resolve) => {
  const isTaken = ({ name, responseStatus }) => name.startsWith(`${address}/e/`) && responseStatus === 200;
  const observer = new PerformanceObserver((list) => list.getEntries().some(isTaken) && resolve());
  observer.observe({ type: "resource", buffered: true });
});
