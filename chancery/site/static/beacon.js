// Tells once that a page was read: after five seconds in view, without a cookie and without a name.
(() => {
  const item = document.querySelector("[data-beacon]");
  if (!item || !navigator.sendBeacon) return;
  let timer = 0;
  const watch = () => {
    clearTimeout(timer);
    if (document.visibilityState === "visible") timer = setTimeout(tell, 5000);
  };
  const tell = () => {
    document.removeEventListener("visibilitychange", watch);
    navigator.sendBeacon("/v", item.dataset.beacon);
  };
  document.addEventListener("visibilitychange", watch);
  watch();
})();
