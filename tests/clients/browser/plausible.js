// The journey with Plausible's tracker of today, which has money but neither users nor the lines of an order.
import { init, track } from "/clients/node_modules/@plausible-analytics/tracker/plausible.js";

const { address, key, journey } = given;
const told = (name, options) => new Promise((callback) => track(name, { ...options, callback }));

init({ domain: key, endpoint: `${address}/api/event`, autoCapturePageviews: false });
await told("pageview");
if (location.pathname !== "/tea") {
  await told(journey.micro);
  await told("Purchase", {
    props: { order_id: journey.order },
    revenue: { amount: journey.total, currency: journey.currency },
  });
}
