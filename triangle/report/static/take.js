"use strict";
// Pictures to be taken away: as they are drawn (SVG), as points (PNG), and their numbers (CSV), which are read off the
// table below the picture. Nothing is fetched: everything is in the page.
(() => {
  const labels = JSON.parse(document.getElementById("labels").textContent);
  const SVG = "http://www.w3.org/2000/svg";
  const FINE = 3; // points of a PNG to one of the drawing
  const LINE = 11, LETTER = 4.4; // height of a line of the source, and about how wide a letter of it is

  const give = (name, type, content) => {
    const address = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
    const link = document.createElement("a");
    link.href = address;
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 60000);
  };

  // The drawing on white paper, with its source below: the page's colours are known nowhere else.
  const lines = (text, letters) => {
    const found = [""];
    for (const word of text.split(" ")) {
      if (found[0] && found[found.length - 1].length + word.length >= letters) found.push(word);
      else found[found.length - 1] += (found[found.length - 1] ? " " : "") + word;
    }
    return found;
  };
  const drawn = (figure) => {
    const svg = figure.querySelector("svg").cloneNode(true);
    const [x, y, width, height] = svg.getAttribute("viewBox").split(/[\s,]+/).map(Number);
    const scale = Math.max(width, 300) / width;
    const source = lines(figure.dataset.source, (width - 8) * scale / LETTER);
    const whole = height + (source.length * LINE + 6) / scale;
    const make = (name, attributes, text = "") => {
      const made = document.createElementNS(SVG, name);
      for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
      made.textContent = text;
      return made;
    };
    for (const name of ["class", "style"]) svg.removeAttribute(name);
    svg.setAttribute("viewBox", [x, y, width, whole].join(" "));
    svg.setAttribute("width", width * scale);
    svg.setAttribute("height", whole * scale);
    svg.setAttribute("font-family", "system-ui, sans-serif");
    svg.insertBefore(make("rect", { x, y, width, height: whole, fill: "var(--paper)" }), svg.querySelector("desc").nextSibling);
    source.forEach((text, k) => svg.append(make("text", {
      x: x + 4, y: y + height + (k + 1) * LINE / scale, "font-size": 8 / scale, fill: "var(--muted)" }, text)));
    return Object.entries(labels.paper).reduce((text, [word, colour]) => text.replaceAll(word, colour), new XMLSerializer().serializeToString(svg));
  };
  const points = (text, then) => {
    const image = new Image();
    image.onload = () => {
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [image.width * FINE, image.height * FINE];
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      canvas.toBlob(then, "image/png");
    };
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  };

  // Numbers as they were computed, not as they are written; of an interval both ends.
  const said = (cell) => {
    const bare = cell.cloneNode(true);
    bare.querySelectorAll(".origin > ul, .visually-hidden, svg").forEach((part) => part.remove());
    return bare.textContent.trim();
  };
  const ofTable = (table) => {
    const rows = [...table.tBodies[0].rows];
    const columns = [...table.tHead.rows[0].cells].map((head, k) => ({
      head: said(head), cells: rows.map((row) => row.cells[k]), spans: rows.some((row) => "ends" in row.cells[k].dataset) }));
    const value = ({ dataset: { order } }, text) => (order === undefined ? text : order);
    const ends = (cell) => (cell.dataset.ends ? cell.dataset.ends.split(" ") : ["", ""]);
    return [
      // The heads of intervals are alike: what each is of stands before it.
      columns.flatMap(({ head, spans }, k) => (spans ? [labels.from, labels.to].map((end) => `${columns[k - 1].head}, ${head}: ${end}`) : [head])),
      ...rows.map((_, n) => columns.flatMap(({ cells, spans }) => (spans ? ends(cells[n]) : [value(cells[n], said(cells[n]))]))),
    ];
  };
  const ofGrid = ({ columns, across, along, sets, panels }) => {
    const at = ([low, high, count], k) => Number((low + (high - low) * k / (count - 1)).toPrecision(12));
    const rows = panels.flatMap(([name, runs]) => {
      const each = runs.flatMap(([count, set]) => Array(count).fill(set));
      return each.map((set, k) => [name, at(across, Math.floor(k / along[2])), at(along, k % along[2]), ...sets[set]]);
    });
    return [columns, ...rows];
  };
  // A text that a program for tables would take for a formula stands behind an apostrophe.
  const guarded = (value) => (/^[=+\-@'\t\r\n]/.test(value) && Number.isNaN(Number(value)) ? `'${value}` : String(value));
  const quoted = (value) => (/[",\n]/.test(value) ? `"${guarded(value).replaceAll('"', '""')}"` : guarded(value));
  const listed = (figure) => {
    const { grid, table, source } = figure.dataset;
    const rows = grid ? ofGrid(JSON.parse(grid)) : ofTable(document.getElementById(table));
    return [`# ${source}`, ...rows.map((row) => row.map(quoted).join(","))].join("\r\n") + "\r\n";
  };

  for (const figure of document.querySelectorAll("figure[data-source]")) {
    const { file, grid, table } = figure.dataset;
    const title = figure.querySelector("svg title").textContent;
    const ways = {
      SVG: () => give(`${file}.svg`, "image/svg+xml", drawn(figure)),
      PNG: () => points(drawn(figure), (made) => give(`${file}.png`, "image/png", made)),
      // Programs for tables take a file for one of today's letters where it begins with this mark.
      ...(grid || table ? { CSV: () => give(`${file}.csv`, "text/csv", `\ufeff${listed(figure)}`) } : {}),
    };
    const row = document.createElement("p");
    row.className = "take";
    row.append(...Object.entries(ways).map(([name, act]) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = name;
      button.setAttribute("aria-label", `${name}: ${title}`);
      button.addEventListener("click", act);
      return button;
    }));
    figure.append(row);
  }
})();
