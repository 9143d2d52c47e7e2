// Several files at once: each goes to the file field of the language that its name ends in; the list lets it be changed.
(() => {
  const form = document.querySelector("[data-upload]");
  if (!form) return;
  const drop = form.querySelector("[data-drop]");
  const many = drop.querySelector("input");
  const list = form.querySelector("[data-list]");
  const row = form.querySelector("template");
  const fields = [...form.querySelectorAll("[data-language]")];
  const codes = fields.map((field) => field.dataset.language);
  let held = []; // Each file with the control that says its language.

  const guess = (name, taken) => {
    const said = /[._-]([a-z]{2,3})\.[^.]+$/i.exec(name);
    const code = said && said[1].toLowerCase();
    return codes.includes(code) ? code : codes.find((one) => !taken.includes(one)) || codes[0];
  };
  const give = () => {
    const chosen = held.map((one) => one.select.value);
    held.forEach(({ select }, n) => {
      const clash = chosen.indexOf(chosen[n]) !== n;
      select.setCustomValidity(clash ? select.dataset.clash : "");
      if (clash) select.reportValidity();
    });
    fields.forEach((field) => {
      const given = new DataTransfer();
      const found = held.find((one) => one.select.value === field.dataset.language);
      if (found) given.items.add(found.file);
      field.files = given.files;
    });
  };
  const take = (files) => {
    [...files].forEach((file) => {
      const line = row.content.cloneNode(true);
      const select = line.querySelector("select");
      const label = line.querySelector("label");
      select.id = `up-file-${held.length}`;
      label.htmlFor = select.id;
      label.textContent = file.name;
      select.value = guess(file.name, held.map((one) => one.select.value));
      select.addEventListener("change", give);
      held = [...held, { file, select }];
      list.append(line);
    });
    give();
  };

  drop.hidden = false;
  many.addEventListener("change", () => {
    take(many.files);
    many.value = "";
  });
  form.addEventListener("dragover", (event) => event.preventDefault());
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    take(event.dataTransfer.files);
  });
})();
