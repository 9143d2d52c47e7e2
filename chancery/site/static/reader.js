// The reader's own colours, size, spacing and face. Loaded in the head without defer, so that nothing flashes.
(() => {
  const settings = ["scheme", "size", "spacing", "face"];
  const root = document.documentElement;
  const read = (name) => {
    try {
      return localStorage.getItem(`reader-${name}`) || "";
    } catch {
      return ""; // A browser that keeps nothing shows the page as the device asks.
    }
  };
  const write = (name, value) => {
    try {
      localStorage.setItem(`reader-${name}`, value);
    } catch {
      // The choice then holds for this page only.
    }
  };
  const apply = (name, value) => {
    if (value) root.dataset[name] = value;
    else delete root.dataset[name];
  };
  const connect = (control) => {
    const name = control.dataset.reader;
    control.value = read(name);
    control.closest("form").hidden = false;
    control.addEventListener("change", () => {
      write(name, control.value);
      apply(name, control.value);
    });
  };
  settings.forEach((name) => apply(name, read(name)));
  addEventListener("DOMContentLoaded", () => document.querySelectorAll("[data-reader]").forEach(connect));
  addEventListener("storage", () => settings.forEach((name) => apply(name, read(name))));
})();
