// The journey with Plausible's old tracker, which knows no money and no users: an order is an event as any other.
import Plausible from "/clients/node_modules/plausible-tracker/build/module/index.js";

const { address, key, journey } = given;
const { trackEvent, trackPageview } = Plausible({ domain: key, apiHost: address });
const told = (name, props) => new Promise((callback) => trackEvent(name, { props, callback }));

await new Promise((callback) => trackPageview({}, { callback }));
if (location.pathname !== "/tea") {
  await told(journey.micro);
  await told("Purchase", { order_id: journey.order });
}
