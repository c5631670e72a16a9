// The journey with Matomo's client for Node.js. It tries nothing again, so the site does, where it hears of a fault.
import MatomoTracker from "matomo-tracker";
import { address, journey, key } from "../given.js";

const tracker = new MatomoTracker(7, `${address}/m/${key}/matomo.php`);
const _id = "00000000000000a1";
const lines = journey.lines.map(({ sku, name, price, quantity }) => [sku, name, "", price, quantity]);
const order = { idgoal: 0, ec_id: journey.order, revenue: journey.total, ec_items: JSON.stringify(lines) };

const send = () =>
  new Promise((resolve, reject) => {
    tracker.once("error", reject);
    tracker.trackBulk(
      [
        { _id, url: journey.landing, urlref: journey.referrer },
        { _id, url: journey.second },
        { _id, url: journey.second, e_c: "Account", e_a: journey.micro },
        { _id, url: journey.second, uid: journey.user, ...order },
      ],
      resolve,
    );
  });
await send().catch(send);
