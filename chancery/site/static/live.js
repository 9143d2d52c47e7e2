// Pages that follow what happens. The server sends parts that are alike for all; a page fetches its reader's own itself.
// Nothing typed, chosen or in focus is ever replaced; without this script a page shows what was true when it was loaded.
(() => {
  const state = document.querySelector("[data-live-state]");
  const said = document.querySelector("[data-live-said]");
  let main = document.getElementById("main");
  let after = main.dataset.after;
  let source, own, asked, watch, wait;
  let pushed = new Set();

  const tell = (what) => {
    state.textContent = what ? state.dataset[what] : "";
    state.hidden = !what;
  };
  const chosen = (select) => Math.max(0, [...select.options].findIndex((option) => option.defaultSelected));
  const isTyped = (field) => {
    if (field.type === "hidden" || field.matches("button")) return false;
    if (field === document.activeElement && field.matches("input, select, textarea")) return true;
    if (field.matches("select")) return field.selectedIndex !== chosen(field);
    if (field.matches("[type=checkbox], [type=radio]")) return field.checked !== field.defaultChecked;
    return field.value !== field.defaultValue;
  };
  const holds = (node) => {
    const fields = node.nodeType === 1 ? [node, ...node.querySelectorAll("*")] : [];
    return fields.some((field) => field.matches("input, select, textarea") && isTyped(field));
  };

  // Makes `from` like `to`, keeping every node that is there in both, so that focus, place and words stay.
  const name = (node) => node.id || (node.dataset && node.dataset.live) || "";
  const same = (one, other) => one.nodeName === other.nodeName && name(one) === name(other);
  const morph = (from, to, isPush) => {
    if (from.isEqualNode(to)) return;
    if (from.nodeType !== 1) return void (from.nodeValue = to.nodeValue);
    if ("keep" in to.dataset || (isPush ? "own" in to.dataset : pushed.has(to.dataset.live))) return;
    // A form begun before the news says so when it is sent: it keeps the number of the act it was made after.
    if (from.name === "seen" && from.form && holds(from.form)) return;
    [...to.attributes].forEach(({ name, value }) => from.getAttribute(name) === value || from.setAttribute(name, value));
    [...from.attributes].forEach(({ name }) => to.hasAttribute(name) || name === "open" || from.removeAttribute(name));
    let at = from.firstChild;
    [...to.childNodes].forEach((next) => {
      let match = at;
      while (match && !same(match, next)) match = match.nextSibling;
      if (!match) return from.insertBefore(next, at);
      for (; at !== match; at = drop(at));
      at = match.nextSibling;
      morph(match, next, isPush);
    });
    while (at) at = drop(at);
  };
  const drop = (node) => {
    const next = node.nextSibling;
    if (holds(node)) tell("held");
    else node.remove();
    return next;
  };
  const put = (find, isPush) => {
    document.querySelectorAll("[data-live]").forEach((part) => {
      const fresh = part.isConnected && find(part.dataset.live);
      if (fresh) morph(part, fresh, isPush);
    });
    document.dispatchEvent(new Event("live:changed"));
  };
  const parsed = (html) => new DOMParser().parseFromString(html, "text/html");

  // What is the reader's alone: the page itself, fetched at a moment of its own.
  const fetchOwn = async () => {
    own = 0;
    pushed = new Set();
    const address = new URL(location.href);
    address.searchParams.delete("did");
    const answer = await fetch(address).catch(() => null);
    if (!answer) return soon(2000);
    const page = answer.ok && parsed(await answer.text());
    const fresh = page && page.getElementById("main");
    if (!fresh || !fresh.dataset.stream) return stop("over");
    if (fresh.dataset.page === main.dataset.page) {
      put((part) => page.querySelector(`[data-live="${part}"]`), false);
      return undefined;
    }
    // Another page stands at this address now: a question has become its result.
    if (holds(main)) return tell("held");
    main.replaceWith(fresh);
    main = fresh;
    document.title = page.title;
    history.replaceState(null, "", answer.url);
    return open(main.dataset.stream);
  };
  const soon = (most) => {
    own = own || setTimeout(fetchOwn, "first" in main.dataset ? 0 : Math.random() * most);
  };
  const renew = async () => {
    const answer = await fetch(main.dataset.renew).catch(() => null);
    if (answer && !answer.redirected && [403, 404].includes(answer.status)) return stop("over");
    if (!answer || !answer.ok) return lost();
    if (answer.redirected) return stop("over");
    const { token, news } = await answer.json();
    put((part) => part === "news" && parsed(news).querySelector("[data-live]"), false);
    return token;
  };

  const stop = (what) => {
    if (source) source.close();
    clearTimeout(watch);
    clearTimeout(wait);
    tell(what);
  };
  const again = (most) => {
    wait = setTimeout(async () => open(await renew()), Math.random() * most);
  };
  const lost = () => {
    stop("lost");
    again(5000);
  };
  // The server writes at least every twenty seconds; silence means a broken line that nobody has noticed.
  const alive = () => {
    clearTimeout(watch);
    watch = setTimeout(lost, 50000);
  };
  const open = (token) => {
    if (!token) return;
    stop();
    source = new EventSource(`/live/?${new URLSearchParams({ token, after })}`);
    source.onerror = () => (source.readyState === EventSource.CLOSED ? lost() : tell("lost"));
    source.addEventListener("beat", alive);
    source.addEventListener("ready", () => tell());
    ["over", "late"].forEach((end) => source.addEventListener(end, () => {
      stop();
      again(1000);
    }));
    source.addEventListener("news", (event) => {
      const news = JSON.parse(event.data);
      after = event.lastEventId;
      alive();
      Object.keys(news.parts).forEach((part) => pushed.add(part));
      put((part) => news.parts[part] && parsed(news.parts[part]).querySelector("[data-live]"), true);
      if (news.say) said.textContent = news.say;
      clearTimeout(asked);
      if (news.own) soon(news.spread);
      else asked = setTimeout(renew, Math.random() * news.spread);
    });
    alive();
  };

  addEventListener("offline", lost);
  addEventListener("online", () => {
    stop("lost");
    again(500);
  });
  addEventListener("pagehide", () => stop());
  document.addEventListener("visibilitychange", () => (document.hidden ? stop() : again(0)));
  open(main.dataset.stream);
})();
