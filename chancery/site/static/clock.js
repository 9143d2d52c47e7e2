// The time at the council's seat. Pages are cached, so the server writes only the offset and this puts the hour.
(() => {
  const clock = document.getElementById("seat-clock");
  if (!clock) return;
  const hour = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: clock.dataset.zone });
  const show = () => {
    clock.textContent = hour.format(new Date());
    setTimeout(show, 60000 - (Date.now() % 60000));
  };
  show();
})();
