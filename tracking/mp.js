// The tag of a page: notices what visitors do and sends it to the door, each event once. docs/reference/tag.md lists
// its settings and events. tracking/tag.py serves it without indentation and whole-line comments; write no others.
(() => {
  const NAME = "measureplan";
  const tag = document.currentScript || document.querySelector("script[data-key][src*='/mp.']");
  if (!tag?.dataset.key || window[NAME]?.isReady) return;
  const said = tag.dataset;
  const listed = (text) => text.split(",").map((each) => each.trim());
  const off = listed(said.off || "");
  const own = [location.hostname, ...listed(said.hosts || "")];
  const searches = listed(said.search ?? "q,s,search,query,keyword");
  const isManual = said.views === "manual";
  const isBarred = "dnt" in said && navigator.doNotTrack === "1";

  const STORE = `${NAME}.${said.key}`;
  const MOST = 100;
  const DAY = 864e5;
  // Thirteen months: the longest that CNIL lets a visitor's id live. It is never renewed.
  const ID_SECONDS = 34128e3;
  const FIELDS = listed("event_id,type,time,url,referrer,title,value,currency,transaction_id,items");
  const AD_PURPOSES = listed("ads,ad_user_data,ad_personalization");
  const PURPOSES = [...AD_PURPOSES, "analytics", "personalization"];
  const FILES = /\.(7z|apk|csv|dmg|docx?|epub|exe|gz|iso|m4[av]|mov|mp[34]|msi|od[pst]|pdf|pkg|pptx?|rar|tar|tgz|wav|webm|xlsx?|zip)$/i;

  // Cookies and storage throw where they are blocked, and no fault of ours may break the page.
  const attempt = (act) => {
    try {
      return act();
    } catch {}
  };
  // crypto.randomUUID is missing on pages without TLS.
  const newId = () => crypto.getRandomValues(new Uint32Array(4)).join("-");
  const patience = () => AbortSignal.timeout?.(3e4);
  const isFresh = (event) => Date.now() - Date.parse(event.time) < DAY;
  const without = (events, ids) => events.filter((event) => !ids.has(event.event_id));
  const idsOf = (events) => new Set(events.map((event) => event.event_id));

  const consent = {};
  let visitor;
  let user;
  let queue = [];
  const flying = new Set();
  let timer;
  let failures = 0;
  let pausedUntil = 0;
  let isTold;
  let hasAnswer;
  let isStopped;
  const isRefused = () => isBarred || consent.analytics === false;

  // Events that wait are written down only where the visitor agreed to analytics.
  const keep = (change) => consent.analytics && attempt(() => {
    const kept = change(JSON.parse(localStorage.getItem(STORE)) || []).filter(isFresh).slice(-MOST);
    localStorage.setItem(STORE, JSON.stringify(kept));
    if (!kept.length) localStorage.removeItem(STORE);
  });

  const later = (wait) => {
    timer = timer || setTimeout(flush, wait);
  };
  // isHiding: the page may not come back, so nothing waits for an answer that is on its way. isEnding: it is unloaded,
  // so what is written down nowhere gets its last chance, even where the server asked for patience.
  const flush = (isHiding, isEnding) => {
    clearTimeout(timer);
    timer = 0;
    queue = queue.filter(isFresh).slice(-MOST);
    const batch = without(queue, flying);
    const isWaiting = said.consent === "wait" && consent.analytics == null;
    if (!batch.length || isStopped || isRefused() || isWaiting || (flying.size && !isHiding)) return;
    const wait = pausedUntil - Date.now();
    if (wait > 0 && !(isEnding && !consent.analytics)) later(wait);
    else send(batch);
  };
  const send = (events) => {
    const ids = idsOf(events);
    ids.forEach((each) => flying.add(each));
    // A body of text asks for no preflight. Browsers hold 64 KiB at most for pages that are gone.
    const body = JSON.stringify({ write_key: said.key, sent_at: new Date(), events });
    const options = { method: "POST", body, credentials: "omit", keepalive: body.length < 6e4, signal: patience() };
    fetch(new URL(said.to || "api/v1/collect/batch", tag.src), options).then(({ status, headers }) => {
      hasAnswer = true;
      settle(ids, /408|429|5../.test(status), headers.get("Retry-After"));
    }, async () => {
      // Nothing is tried again before the tag knows whether it may send at all.
      if (failures > 1 && !hasAnswer && !said.to) await probe();
      settle(ids, true);
    });
  };
  const settle = (ids, isAgain, seconds) => {
    ids.forEach((each) => flying.delete(each));
    failures = isAgain ? failures + 1 : 0;
    isTold = seconds > 0;
    if (isAgain) pausedUntil = Date.now() + 1e3 * (isTold ? seconds : Math.min(300, 2 ** failures) * (0.5 + Math.random() / 2));
    else {
      queue = without(queue, ids);
      keep((kept) => without(kept, ids));
    }
    flush();
  };
  // A refused origin cannot read its refusal, which looks like a lost connection. Where the server can be read all the
  // same it is one, and asking on would be noise.
  const probe = () => fetch(tag.src, { cache: "no-store", credentials: "omit", signal: patience() }).then((answer) => {
    if (!answer.ok) return;
    keep(() => []);
    isStopped = true;
    console.warn(`${NAME}: ${location.origin} may not send to this source`);
  }, () => {});

  const readId = () => attempt(() => document.cookie.match(/(?:^|; )measureplan=([\d-]+)/)?.[1]);
  const writeId = (id, seconds) => attempt(() => {
    const domain = said.domain ? `;domain=${said.domain}` : "";
    const secure = location.protocol === "https:" ? ";secure" : "";
    document.cookie = `${NAME}=${id};path=/;max-age=${seconds};samesite=lax${domain}${secure}`;
  });
  const agree = (answers) => {
    for (const purpose of PURPOSES) {
      const answer = answers[purpose];
      if (answer != null) consent[purpose] = answer === true || answer === "granted";
    }
    if (isRefused()) {
      if (readId()) writeId("", 0);
      attempt(() => localStorage.removeItem(STORE));
      visitor = null;
      queue = [];
    } else if (consent.analytics) {
      if (!readId()) writeId(newId(), ID_SECONDS);
      // Where the cookie was not taken there is no id: a new one on each page would be a new visitor each time.
      visitor = readId();
      if (said.consent === "wait") queue.forEach(stamp);
      keep((kept) => (queue = [...without(kept, idsOf(queue)), ...queue]));
      later(100);
    }
  };
  const stamp = (event) => {
    const isPrivate = navigator.globalPrivacyControl;
    event.consent = { ...consent };
    if (isPrivate) AD_PURPOSES.forEach((each) => (event.consent[each] = false));
    if (visitor) event.visitor_id = visitor;
    if (visitor && user && !isPrivate) event.user_id = user;
  };

  let count = 0;
  const track = (name, fields = {}) => {
    if (arriving) show();
    if (!name || isStopped || isRefused()) return;
    const properties = { ...fields.properties };
    const event = { event_id: newId(), name, time: new Date(), sequence: count++, url: location.href, properties };
    for (const [key, value] of Object.entries(fields)) {
      if (key === "user_id") user = value && `${value}`;
      else if (value != null && key !== "properties") (FIELDS.includes(key) ? event : properties)[key] = value;
    }
    stamp(event);
    // What cannot be written as JSON fails here, and not with everything else that waits.
    const copy = JSON.parse(JSON.stringify(event));
    queue.push(copy);
    keep((kept) => [...kept, copy]);
    later(100);
  };
  const notice = (name, fields) => off.includes(name) || track(name, fields);

  let view;
  let arriving;
  const placed = () => {
    const path = location.pathname + ("hash" in said ? location.hash : "");
    return { url: location.href, path, full: path + location.search, engaged: 0, deepest: 0, told: 100 };
  };
  const show = (fields) => {
    clearTimeout(arriving);
    arriving = 0;
    const referrer = view ? view.from : document.referrer;
    view = { ...placed(), from: location.href };
    view.told = look();
    track("page_view", { title: document.title, referrer, ...fields });
    const asked = new URLSearchParams(location.search);
    const search_term = asked.get(searches.find((each) => asked.get(each)));
    if (search_term) notice("search", { search_term });
  };
  // A replaced address is a view only where its path changed: pages tidy up their query so. The view waits for its
  // title, and for a redirection that may follow.
  const moved = (isReplaced) => {
    if (!view || isManual) return;
    const now = placed();
    if (isReplaced ? now.path === view.path : now.full === view.full) {
      view.url = now.url;
      view.full = now.full;
      return;
    }
    if (!arriving) leave();
    view = { ...now, from: view.from };
    clearTimeout(arriving);
    arriving = setTimeout(show, 100);
  };

  let since;
  // Adds the time since the last look, where the page was seen and in focus then.
  const watch = () => {
    const now = performance.now();
    if (since && view) view.engaged += now - since;
    since = document.visibilityState === "visible" && document.hasFocus() && now;
  };
  const look = () => {
    view.deepest = Math.max(view.deepest, scrollY + innerHeight);
    return Math.min(100, Math.round((100 * view.deepest) / document.documentElement.scrollHeight));
  };
  const scrolled = () => {
    if (!view || arriving || view.isRead || look() < 90) return;
    view.isRead = true;
    notice("scroll", { percent_scrolled: 90 });
  };
  const leave = () => {
    watch();
    if (!view) return;
    const scroll = look();
    const seconds = Math.round(view.engaged / 1e3);
    if (!seconds && scroll <= view.told) return;
    view.told = scroll;
    view.engaged = 0;
    // A page that stays open on an empty desk is not read for hours.
    notice("engagement", { url: view.url, engaged_seconds: Math.min(1800, seconds), scroll });
  };
  const hide = (isEnding) => {
    if (arriving) show();
    leave();
    flush(true, isEnding);
  };

  const find = (event, selector) => event.composedPath().find((node) => node.matches?.(selector));
  const declare = (element) => {
    const fields = {};
    for (const { name, value } of element.attributes) {
      const [, key] = name.match(/^data-mp-(?!event$)(.+)/) || [];
      if (key) fields[key.replace(/-/g, "_")] = value;
    }
    track(element.dataset.mpEvent, fields);
  };
  const clicked = (event) => {
    if (event.button > 1) return;
    const declared = find(event, "[data-mp-event]:not(form)");
    if (declared) declare(declared);
    const link = find(event, "a[href],area[href]");
    if (!/^https?:/.test(link?.href)) return;
    const { hostname, origin, pathname } = link;
    // The query may hold what is nobody's business: tokens, addresses.
    const link_url = origin + pathname;
    const file = pathname.match(FILES);
    if (file) notice("file_download", { file_name: pathname.split("/").pop(), file_extension: file[1], link_url });
    else if (!own.includes(hostname)) notice("outbound_click", { link_url, link_domain: hostname });
  };
  const submitted = (event) => {
    const form = find(event, "form");
    if (form.matches("[data-mp-event]")) declare(form);
    // form.id is a field where the form has one that is called so.
    notice("form_submit", { form_id: form.getAttribute("id"), form_name: form.getAttribute("name") });
  };

  let isStarted;
  const early = [];
  const command = (name, fields) => {
    if (!isStarted) early.push([name, fields]);
    else if (name === "consent") agree(fields);
    else if (name === "page_view") {
      leave();
      show(fields);
    } else track(name, fields);
  };
  const listen = (target, types, act) => types.split(" ").forEach((type) => target.addEventListener(type, (event) => attempt(() => act(event)), true));
  const start = () => {
    isStarted = true;
    if (readId()) agree({ analytics: true });
    const run = (isWanted) => early.filter(([name]) => (name === "consent") === isWanted).forEach((each) => window[NAME](...each));
    run(true);
    watch();
    if (!isManual) show();
    run(false);
    for (const method of ["pushState", "replaceState"]) {
      const original = history[method];
      history[method] = function (...given) {
        original.apply(this, given);
        attempt(() => moved(method === "replaceState"));
      };
    }
    listen(window, "popstate", () => moved());
    listen(window, "focus blur", watch);
    listen(window, "scroll", scrolled);
    listen(window, "pagehide", () => hide(true));
    listen(window, "pageshow", (event) => event.persisted && show());
    listen(window, "online", () => {
      if (!isTold) pausedUntil = 0;
      flush();
    });
    listen(document, "visibilitychange", () => (document.hidden ? hide() : watch()));
    listen(document, "click auxclick", clicked);
    listen(document, "submit", submitted);
  };

  (window[NAME]?.q || []).forEach((each) => early.push(each));
  window[NAME] = (...given) => {
    attempt(() => command(...given));
  };
  window[NAME].isReady = true;
  // A page that is drawn ahead of a visit is counted when it is shown.
  if (document.prerendering) document.addEventListener("prerenderingchange", start, { once: true });
  else start();
})();
