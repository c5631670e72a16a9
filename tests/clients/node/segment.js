// The journey with Segment's library for Node.js.
import { Analytics } from "@segment/analytics-node";
import { address, journey, key } from "../given.js";

const analytics = new Analytics({ writeKey: key, host: address });
const anonymousId = journey.visitor;
const here = { page: { url: journey.second, referrer: journey.landing } };

analytics.page({ anonymousId, context: { page: { url: journey.landing, referrer: journey.referrer } } });
analytics.page({ anonymousId, context: here });
analytics.track({ anonymousId, event: journey.micro, context: here });
analytics.identify({ anonymousId, userId: journey.user, traits: { email: "a@b.example" }, context: here });
analytics.track({
  anonymousId,
  userId: journey.user,
  event: "Order Completed",
  properties: {
    order_id: journey.order,
    total: journey.total,
    currency: journey.currency,
    products: journey.lines.map(({ sku, ...line }) => ({ product_id: sku, ...line })),
  },
  context: here,
});
await analytics.closeAndFlush();
