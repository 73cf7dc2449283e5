"use strict";
// Pictures and tables to be taken away: as they are drawn (SVG), as points (PNG), and their numbers (CSV), which are read
// off the table below the picture or given beside it. Nothing is fetched: everything is in the page.
const take = (() => {
  const labels = JSON.parse(document.getElementById("labels").textContent);
  const SVG = "http://www.w3.org/2000/svg";
  const FINE = 3; // points of a PNG to one of the drawing
  const LETTER = 4.4, LARGE = 5.8; // about how wide a letter of the source is, and one of the legend

  const give = (name, type, content) => {
    const address = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
    const link = document.createElement("a");
    link.href = address;
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 60000);
  };

  // The drawing on white paper, with what its letters mean and its source below: the page's colours are known nowhere else.
  const lines = (text, letters) => {
    const found = [""];
    for (const word of text.split(" ")) {
      if (found[0] && found[found.length - 1].length + word.length >= letters) found.push(word);
      else found[found.length - 1] += (found[found.length - 1] ? " " : "") + word;
    }
    return found;
  };
  const drawn = (original, legend, source) => {
    const svg = original.cloneNode(true);
    const [x, y, width, height] = svg.getAttribute("viewBox").split(/[\s,]+/).map(Number);
    const scale = Math.max(width, 300) / width;
    const letters = (width - 8) * scale / LETTER;
    const below = [
      ...legend.flatMap(([fill, words]) => lines(words, letters * LETTER / LARGE).map((text, k) => ({ text, fill: k ? "none" : fill, size: 10 }))),
      ...lines(source, letters).map((text) => ({ text, size: 8 }))];
    const whole = height + (below.reduce((sum, { size }) => sum + size + 3, 0) + 6) / scale;
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
    let at = y + height;
    for (const { text, fill, size } of below) {
      at += (size + 3) / scale;
      const indent = fill ? 16 / scale : 0;
      if (fill) svg.append(make("rect", { x: x + 4, y: at - 8 / scale, width: 9 / scale, height: 9 / scale, fill, stroke: fill === "none" ? "none" : "var(--muted)" }));
      svg.append(make("text", { x: x + 4 + indent, y: at, "font-size": size / scale, fill: fill ? "currentColor" : "var(--muted)" }, text));
    }
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
  const listed = (source, rows) => [`# ${source}`, ...rows.map((row) => row.map(quoted).join(","))].join("\r\n") + "\r\n";

  // Buttons below a figure or a table; what is drawn and listed there is asked for when one is pressed.
  const offer = (figure, { file, title, called = "", source, rows, svg = () => figure.querySelector("svg"), isDrawn = true, legend = () => [] }) => {
    const drawing = () => drawn(svg(), legend(), source());
    const ways = {
      ...(isDrawn ? {
        SVG: () => give(`${file}.svg`, "image/svg+xml", drawing()),
        PNG: () => points(drawing(), (made) => give(`${file}.png`, "image/png", made)),
      } : {}),
      // Programs for tables take a file for one of today's letters where it begins with this mark.
      ...(rows ? { CSV: () => give(`${file}.csv`, "text/csv", `\ufeff${listed(source(), rows())}`) } : {}),
    };
    const row = document.createElement("div");
    row.className = "take";
    row.append(called, ...Object.entries(ways).map(([name, act]) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = name;
      button.setAttribute("aria-label", `${name}: ${title}`);
      button.addEventListener("click", act);
      return button;
    }));
    figure.append(row);
    return figure;
  };
  for (const figure of document.querySelectorAll("figure[data-source]")) {
    const { file, grid, table: key, source } = figure.dataset;
    const table = key && document.getElementById(key); // a brief has the picture without the table
    const rows = grid ? () => ofGrid(JSON.parse(grid)) : table && (() => ofTable(table));
    // Without the page a picture says itself what it is, and a triangle who does what.
    const [title, told] = ["title", "desc"].map((name) => figure.querySelector(`svg ${name}`).textContent);
    const legend = figure.querySelector("svg.triangle") ? [["none", title], ["none", told]] : [["none", title]];
    offer(figure, { file, title, source: () => source, rows, legend: () => legend });
  }
  return { offer, ofTable, lines };
})();
