// The journey with Segment's library for browsers, told where to send as the documentation says: by its CDN's address.
import "/clients/node_modules/@segment/analytics-next/dist/umd/index.js";

const { address, key, journey } = given;
const analytics = AnalyticsNext.AnalyticsBrowser.load({ writeKey: key, cdnURL: address });

if (location.pathname === "/tea") {
  analytics.setAnonymousId(journey.visitor);
  await analytics.page();
} else {
  const products = journey.lines.map(({ sku, ...line }) => ({ product_id: sku, ...line }));
  const order = { order_id: journey.order, total: journey.total, currency: journey.currency, products };
  // Each waits for the one before: the library puts the user that it learns on all that it has not sent yet.
  await analytics.page();
  await analytics.track(journey.micro);
  await analytics.identify(journey.user, { email: "a@b.example" });
  await analytics.track("Order Completed", order);
}
