// The journey with Umami's client for Node.js. It tries nothing again, so the site does, where it hears of a fault.
import { Umami } from "@umami/node";
import { address, journey, key } from "../given.js";

const umami = new Umami({ websiteId: key, hostUrl: address });
const anyone = { hostname: "shop.example", ip: "192.0.2.7" };

async function told(payload) {
  const send = () => umami.track({ ...anyone, ...payload });
  const answer = await send().catch(() => undefined);
  if (!answer?.ok) await send();
}

await told({ url: journey.landing, title: "Tea", referrer: journey.referrer });
await told({ url: journey.second, title: "Cup" });
await told({ url: journey.second, name: journey.micro });
const items = journey.lines.map(({ sku, name, ...line }) => ({ item_id: sku, item_name: name, ...line }));
await told({
  url: journey.second,
  name: "Purchase",
  id: journey.user,
  data: { revenue: journey.total, currency: journey.currency, order_id: journey.order, items },
});
