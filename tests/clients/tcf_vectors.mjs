// Prints TC strings made and read by the IAB's own library, as the test data tests/tracking/consents/tcf_vectors.json:
//   npm install --no-save @iabtcf/core@1.5.6 && node tests/clients/tcf_vectors.mjs > tests/tracking/consents/tcf_vectors.json
// Not part of `make test`: the format changes once in years. The vendor list is made up, so nothing is fetched.
import { GVL, Segment, TCModel, TCString } from "@iabtcf/core";

const PURPOSES = Array.from({ length: 11 }, (_, n) => n + 1);
const named = (ids) => Object.fromEntries(ids.map((id) => [id, { id, name: `${id}`, description: "", illustrations: [] }]));

function vendorList(ids) {
  const each = { purposes: [1, 7, 8, 9, 10], legIntPurposes: [2], flexiblePurposes: [], specialPurposes: [] };
  const none = { features: [], specialFeatures: [], policyUrl: "" };
  return new GVL({
    gvlSpecificationVersion: 3, vendorListVersion: 180, tcfPolicyVersion: 5, lastUpdated: "2026-01-01T00:00:00Z",
    purposes: named(PURPOSES), specialPurposes: {}, features: {}, specialFeatures: named([1, 2]), stacks: {},
    dataCategories: {}, vendors: Object.fromEntries(ids.map((id) => [id, { id, name: `${id}`, ...each, ...none }])),
  });
}

function make(name, { ids, created, disclosed, purposes = [], interests = [], vendors = [], vendorInterests = [], oneTreatment = false }) {
  const model = new TCModel(vendorList(ids));
  Object.assign(model, { cmpId: 31, cmpVersion: 4, consentScreen: 2, consentLanguage: "NB", publisherCountryCode: "NO" });
  Object.assign(model, { isServiceSpecific: true, purposeOneTreatment: oneTreatment });
  model.purposeConsents.set(purposes);
  model.purposeLegitimateInterests.set(interests);
  model.vendorConsents.set(vendors);
  model.vendorLegitimateInterests.set(vendorInterests);
  if (disclosed) { model.vendorsDisclosed.empty(); model.vendorsDisclosed.set(disclosed); }
  model.created = new Date(created);
  model.lastUpdated = new Date(created);
  const segments = disclosed ? [Segment.CORE, Segment.VENDORS_DISCLOSED] : [Segment.CORE];
  const text = TCString.encode(model, { segments });
  const read = TCString.decode(text);
  const set = (vector) => [...vector].filter(([, is]) => is).map(([id]) => id);
  return JSON.stringify({
    name, text, created_s: read.created / 1000, updated_s: read.lastUpdated / 1000, cmp_id: read.cmpId,
    policy: read.policyVersion, purposes: set(read.purposeConsents), purposes_li: set(read.purposeLegitimateInterests),
    vendors: set(read.vendorConsents), vendors_li: set(read.vendorLegitimateInterests), disclosed: set(read.vendorsDisclosed),
  });
}

const few = [2, 10, 755];
const many = Array.from({ length: 467 }, (_, n) => 1 + 3 * n);
const dense = Array.from({ length: 60 }, (_, n) => n + 1);
const now = "2026-11-20T10:00:00Z";
const summer = "2026-06-01T00:00:00Z";

console.log(`[\n${[
  make("everything granted", { ids: few, purposes: PURPOSES, vendors: few, disclosed: few, created: now }),
  make("everything denied", { ids: few, disclosed: few, created: now }),
  make("measurement alone", { ids: few, purposes: [1, 8, 9], disclosed: few, created: now }),
  make("no storage", { ids: few, purposes: [3, 4, 7, 8], vendors: [755], disclosed: [755], created: now }),
  make("core alone after the date", { ids: few, purposes: PURPOSES, vendors: [755], created: now }),
  make("core alone before the date", { ids: few, purposes: PURPOSES, vendors: [755], created: "2026-02-27T23:00:00Z" }),
  make("many vendors in ranges", {
    ids: many, purposes: [1, 2, 7], vendors: [100, 103, 106, 1300], vendorInterests: [1, 4], disclosed: many, created: summer,
  }),
  make("dense vendors in a bit field", {
    ids: dense, purposes: [1, 2, 3, 4], interests: [2, 7], vendors: dense.filter((id) => id % 2),
    vendorInterests: dense.filter((id) => id % 3 === 0), disclosed: dense, created: summer, oneTreatment: true,
  }),
].join(",\n")}\n]`);
