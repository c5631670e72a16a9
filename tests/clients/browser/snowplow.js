// The journey with Snowplow's tracker for browsers and its plugin for shops; no call says who somebody is.
import "/clients/node_modules/@snowplow/browser-tracker/dist/index.umd.min.js";
import "/clients/node_modules/@snowplow/browser-plugin-snowplow-ecommerce/dist/index.umd.min.js";

const { newTracker, setUserId, trackPageView, trackStructEvent } = snowplowBrowserTracking;
const { SnowplowEcommercePlugin, trackTransaction } = snowplowEcommerceAccelerator;
const { address, key, journey } = given;

const cookies = { cookieSecure: false, cookieSameSite: "Lax" }; // the test's shop has no certificate
newTracker("sp", address, { appId: key, plugins: [SnowplowEcommercePlugin()], ...cookies });
trackPageView();
if (location.pathname !== "/tea") {
  trackStructEvent({ category: "account", action: journey.micro });
  setUserId(journey.user);
  trackTransaction({
    transaction_id: journey.order,
    revenue: journey.total,
    currency: journey.currency,
    payment_method: "card",
    products: journey.lines.map(({ sku, ...line }) => ({
      id: sku,
      category: "Shop",
      currency: journey.currency,
      ...line,
    })),
  });
}
