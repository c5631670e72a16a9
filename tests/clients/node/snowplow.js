// The journey with Snowplow's tracker for Node.js, which has no call that says who somebody is.
import { buildPageView, buildSelfDescribingEvent, buildStructEvent, newTracker } from "@snowplow/node-tracker";
import { address, journey, key } from "../given.js";

const ECOMMERCE = "iglu:com.snowplowanalytics.snowplow.ecommerce";
const EVENTS = 4;

let arrived = 0;
const onRequestSuccess = (batch) => (arrived += batch.length);
const emitter = { endpoint: address, bufferSize: 10, onRequestSuccess };
const tracker = newTracker({ namespace: "shop", appId: key }, emitter);
travel();
// It keeps what was not taken, and sends it with what comes next or when it is told to.
for (let tries = 0; arrived < EVENTS && tries < 5; tries++) await tracker.flush();

function travel() {
  tracker.setDomainUserId(journey.visitor);
  tracker.track(buildPageView({ pageUrl: journey.landing, pageTitle: "Tea", referrer: journey.referrer }));
  tracker.track(buildPageView({ pageUrl: journey.second, pageTitle: "Cup", referrer: journey.landing }));
  tracker.track(buildStructEvent({ category: "account", action: journey.micro }));
  tracker.setUserId(journey.user);
  const schema = (name, version) => `${ECOMMERCE}/${name}/jsonschema/${version}`;
  const order = { transaction_id: journey.order, revenue: journey.total, currency: journey.currency };
  const products = journey.lines.map(({ sku, ...line }) => ({ id: sku, category: "Shop", ...line }));
  tracker.track(
    buildSelfDescribingEvent({
      event: { schema: schema("snowplow_ecommerce_action", "1-0-2"), data: { type: "transaction" } },
    }),
    [
      { schema: schema("transaction", "1-0-0"), data: order },
      ...products.map((data) => ({ schema: schema("product", "1-0-0"), data })),
    ],
  );
}
