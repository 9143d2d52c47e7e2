// The roll by keyboard: 1 to 4 record the member called, U takes the last one back. Without it the roll is a form.
(() => {
  const order = [];
  const rows = () => [...document.querySelectorAll("[data-roll] .roll > li")];
  const picked = (row) => row.querySelector("input:checked");
  const show = () => {
    const next = document.querySelector("[data-next]");
    if (!next) return;
    const current = rows().find((row) => !picked(row));
    rows().forEach((row) => row.toggleAttribute("data-now", row === current));
    rows().forEach((row) => (row === current ? row.setAttribute("data-s", "now") : row.removeAttribute("data-s")));
    const said = current ? current.getAttribute("aria-label") : next.dataset.all || "✓";
    if (next.textContent !== said) next.textContent = said;
  };
  document.addEventListener("change", (event) => {
    const row = event.target.closest("[data-roll] .roll > li");
    if (row) order.push(row);
    show();
  });
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input:not([type=radio]), textarea, select");
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const choice = Number(event.key) - 1;
    const current = rows().find((row) => !picked(row));
    if (choice >= 0 && choice < 4 && current) {
      current.querySelectorAll("input")[choice].checked = true;
      order.push(current);
    } else if (event.key.toLowerCase() === "u" && order.length) {
      const mark = picked(order.pop());
      if (mark) mark.checked = false;
    } else return;
    event.preventDefault();
    show();
  });
  document.addEventListener("live:changed", show);
  show();
})();
