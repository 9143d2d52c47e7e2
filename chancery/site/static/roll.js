// The roll by keyboard: 1 to 4 record the member called, U takes the last one back. Without it the roll is a form.
(() => {
  const form = document.querySelector("[data-roll]");
  if (!form) return;
  const rows = [...form.querySelectorAll(".roll > li")];
  const next = document.querySelector("[data-next]");
  const order = [];
  const picked = (row) => row.querySelector("input:checked");
  const show = () => {
    const current = rows.find((row) => !picked(row));
    rows.forEach((row) => row.toggleAttribute("data-now", row === current));
    rows.forEach((row) => (row === current ? row.setAttribute("data-s", "now") : row.removeAttribute("data-s")));
    next.textContent = current ? current.getAttribute("aria-label") : next.dataset.all || "✓";
  };
  form.addEventListener("change", (event) => {
    order.push(event.target.closest("li"));
    show();
  });
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input:not([type=radio]), textarea, select");
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const choice = Number(event.key) - 1;
    const current = rows.find((row) => !picked(row));
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
  show();
})();
