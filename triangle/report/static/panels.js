"use strict";
// Panels of the explorer beside the answer: mixed actions, orders of moves, third parties, types, years. What a panel shows
// is solved in the page, but for the screening game of an offer and the play of a path, which come with the page.
triangle.panels = ({ h, fill, data, say, game, players, formats, exact, swatchOf, table, tools }) => {
  const { amount, signed, percent, listed, written } = formats;
  const together = (some) => fill(some.length > 1 ? say.at_once : say.alone_first, { players: listed.format(some.map((player) => data.countries[player])) });
  const orderWords = (stages) => (stages.length < 2 ? say.all_at_once : stages.map(together).reduce((before, next) => fill(say.then, { before, next })));
  const named = (index) => {
    const { letter, triangle: title, posture } = data.profiles[index];
    const thirds = players.slice(3).map((player) => data.doing[player][game.profiles[index][player]]);
    return h("span", { title: posture }, swatchOf(String(index)), [`${letter}: ${title}`, ...thirds].join("; "));
  };
  const between = (ends, format) => {
    const [low, high] = ends.map((value) => format.format(value));
    return { text: low === high ? low : fill(say.between, { low, high }), value: ends[0] === ends[1] ? ends[0] : fill(say.between, { low: ends[0], high: ends[1] }) };
  };
  const range = (values, format) => between([Math.min(...values), Math.max(...values)], format);
  const shortly = (stages) => stages.map((stage) => stage.map((player) => data.codes[player]).join("+")).join(", ");
  const outcome = (sure, isOpen) => {
    const open = isOpen ? [sure.length ? say.order_more : say.order_open] : [];
    const parts = [...sure.map(named), ...open];
    return { text: h("span", {}, parts.map((part) => h("div", {}, part))), value: parts.map((part) => part.textContent ?? part).join("; ") };
  };
  const note = (text) => h("p", { class: "note" }, text);
  const commandLine = (...words) => h("pre", {}, h("code", {}, [tools.command(), ...words].join(" ")));

  // Who mixes, and how: a line for each equilibrium that is not pure.
  const isLong = ({ payoffs, hold }) => triangle.undominated(game, payoffs, hold).filter(({ length }) => length > 1).length === 3;
  const mixed = (answer) => (isLong(answer) ? [h("p", {}, say.mixed_wait)] : triangle.finished(mixedOf(answer)));
  function* mixedOf({ payoffs, hold }) {
    const found = yield* triangle.mixed(game, payoffs, hold);
    const left = found.movers.map((player) => data.countries[player]);
    if (!found.equilibria) return [h("p", {}, fill(say.mixed_many, { players: listed.format(left) })), commandLine("--method mixed")];
    const proper = found.equilibria.filter(({ probabilities }) => probabilities.some((own) => own.some((p) => p > 0 && p < 1)));
    const share = (player, own) => listed.format(own.flatMap((p, action) => (p > 0 ? [fill(say.share, { action: data.actions[player][action], share: percent.format(p) })] : [])));
    const body = proper.map(({ probabilities, payoffs: expected }) => [
      listed.format(players.filter((player) => probabilities[player].some((p) => p > 0 && p < 1)).map((player) => fill(say.mixes, { player: data.countries[player], shares: share(player, probabilities[player]) }))),
      ...expected.map((own) => exact(amount, own))]);
    const worded = !found.isComplete ? fill(say.mixed_open, { n: proper.length }) : proper.length ? fill(proper.length === 1 ? say.mixed_one : say.mixed_some, { n: proper.length }) : say.mixed_none;
    return [h("p", {}, worded), ...(found.isComplete ? [] : [commandLine("--method mixed")]),
      ...(proper.length ? [table(say.mixed_table, [say.mixture, ...players.map((player) => data.codes[player])], body, "mixed")] : [])];
  }

  // Every order of moves, those that lead to the same outcomes together, the most first.
  const orders = ({ payoffs, hold }) => {
    const free = players.filter((player) => !(player in hold));
    if (free.length < 2) return [h("p", {}, say.orders_few)];
    const groups = new Map();
    for (const stages of triangle.ordersOf(free)) {
      const { sure, isOpen } = triangle.inOrder(game, payoffs, hold, stages);
      const key = `${isOpen ? "?" : ""}${sure}`;
      if (!groups.has(key)) groups.set(key, { sure, isOpen, orders: [] });
      groups.get(key).orders.push(stages);
    }
    const every = [...groups.values()].sort((a, b) => b.orders.length - a.orders.length);
    const count = every.reduce((sum, { orders: some }) => sum + some.length, 0);
    const body = every.map(({ sure, isOpen, orders: some }) => [
      outcome(sure, isOpen),
      { value: some.map(shortly).join("; "), text: h("span", { class: "orders" }, some.slice(0, 13).map((stages) => h("button", { type: "button", class: "link", "aria-label": orderWords(stages), title: orderWords(stages), onclick: () => tools.order(stages) },
        shortly(stages))), some.length > 13 ? h("span", {}, fill(say.further, { n: some.length - 13 })) : []) },
      ...players.map((player) => (sure.length && !isOpen ? range(sure.map((index) => payoffs[player][index]), amount) : "–"))]);
    return [h("p", {}, every.length === 1 ? fill(say.orders_same, { n: count }) : fill(say.orders_differ, { n: count, sets: every.length })),
      table(say.orders_table, [say.outcome, say.orders_which, ...players.map((player) => data.codes[player])], body, "orders"), note(say.orders_note)];
  };

  // What the choice of a third party is worth to each: free, held at each action, first, last.
  const choices = ({ payoffs, hold }) => players.slice(3).filter((player) => !(player in hold)).flatMap((player) => {
    const everybody = players.filter((one) => !(one in hold));
    const others = everybody.filter((one) => one !== player);
    const played = (more, stages) => triangle.inOrder(game, payoffs, { ...hold, ...more }, stages);
    const rows = [
      [say.choice_free, played({}, [everybody])],
      ...data.actions[player].map((action, a) => [fill(say.choice_held, { action }), played({ [player]: a }, [others])]),
      [say.choice_first, played({}, [[player], others])], [say.choice_last, played({}, [others, [player]])],
    ];
    const free = rows[0][1].sure;
    const worth = (sure, one) => {
      if (!sure.length || !free.length) return "–";
      const [here, there] = [sure, free].map((all) => all.map((index) => payoffs[one][index]));
      return between([Math.min(...here) - Math.min(...there), Math.max(...here) - Math.max(...there)], signed);
    };
    const body = rows.map(([way, { sure, isOpen }], place) => [way,
      outcome(sure, isOpen),
      ...players.map((one) => (place ? worth(sure, one) : free.length ? range(free.map((index) => payoffs[one][index]), amount) : "–"))]);
    return [table(fill(say.choice_table, { player: data.countries[player] }), [say.choice, say.outcome, ...players.map((one) => data.codes[one])], body, `choice-${data.codes[player]}`),
      note(say.choice_note), h("pre", {}, h("code", {}, fill(tools.world().veto, { player: data.codes[player] })))];
  });

  // Types as settings, what each alone would do; and what an acceptance tells, of the scenario as it stands.
  const types = () => {
    const world = tools.world();
    const rows = world.types.map(({ player, name, set, because }) => [
      fill(say.type_of, { player: data.countries[player], name }), tools.words(tools.keyWith(set)), because,
      h("button", { type: "button", onclick: () => tools.put(set) }, say.take)]);
    const one = world.screening;
    return [table(say.types_table, [say.type, say.type_does, say.type_is, say.type_take], rows, "types"), note(say.types_note), ...(one ? screening(one) : [])];
  };
  const KINDS = ["#009E73", "#E69F00", "#56B4E9", "#CC79A7", "#999999"];
  const colour = (kind) => (kind < 0 ? "#ffffff" : KINDS[kind]);
  // What was solved at each of the values, as rectangles.
  const areasOf = (kinds) => [...new Set(kinds.flat())].map((key) => ({ key, size: 0, polygons: kinds.flatMap((row, j) => row.flatMap((kind, i) => {
    if (kind !== key || row[i - 1] === key) return [];
    let end = i;
    while (row[end] === key) end += 1;
    const [left, right, low, high] = [i / row.length, end / row.length, j / kinds.length, (j + 1) / kinds.length];
    return [[[left, low], [right, low], [right, high], [left, high]]];
  })) }));
  const chosen = new Map(); // of each offer, the places on both axes; and of each path, what the reader looks at
  const screening = (one) => {
    const nearest = (values, value) => values.reduce((best, each, k) => (Math.abs(each - value) < Math.abs(values[best] - value) ? k : best), 0);
    if (!chosen.has(one)) chosen.set(one, one.at.map((value, k) => nearest(one.values[k], value)));
    const at = chosen.get(one);
    const told = h("p", { role: "status" });
    const figure = h("figure", { class: "screening" });
    const [wide, high] = one.values.map(({ length }) => length - 1);
    const regions = { keys: one.kinds, borders: [], areas: one.areas ??= areasOf(one.kinds) };
    const shown = (axis, k) => written.format(Number(one.values[axis][k].toPrecision(3)));
    const draw = () => {
      const [kind, after] = [one.kinds[at[1]][at[0]], one.posterior[at[1]][at[0]]];
      const values = { x: written.format(one.values[0][at[0]]), y: written.format(one.values[1][at[1]]), kind: kind < 0 ? say.screening_nothing : one.names[kind] };
      told.textContent = fill(after === null ? say.screening_at : say.screening_after, { ...values, type: one.type, belief: percent.format(after ?? 0) });
      const { chart } = triangle.mapChart({ key: `${tools.id}-screening`, title: one.caption, told: told.textContent, across: one.labels[0], upwards: one.labels[1],
        ticks: { across: (share) => shown(0, Math.round(share * wide)), upwards: (share) => shown(1, Math.round(share * high)) }, regions, lettersOf: () => "",
        lookOf: (kindOf) => ({ one: colour(kindOf), other: colour(kindOf) }), marks: [{ at: [(at[0] + 0.5) / (wide + 1), (at[1] + 0.5) / (high + 1)], radius: 6 }] });
      figure.querySelector("svg")?.remove();
      figure.prepend(chart);
    };
    const sliders = [0, 1].map((k) => h("label", { class: "held" }, one.labels[k], h("input", { type: "range", min: 0, max: one.values[k].length - 1, value: at[k],
      oninput: (event) => { at[k] = Number(event.target.value); event.target.setAttribute("aria-valuetext", written.format(one.values[k][at[k]])); draw(); } })));
    draw();
    const named = (kind) => (kind < 0 ? say.screening_nothing : one.names[kind]);
    const seen = [...new Set(one.kinds.flat())].sort();
    const legend = seen.flatMap((kind) => {
      const swatch = h("span", { class: "swatch", "aria-hidden": "true" });
      swatch.style.background = colour(kind);
      return [h("dt", {}, swatch), h("dd", {}, named(kind))];
    });
    take.offer(figure, { file: `${tools.id}-screening`, title: one.caption, source: () => fill(say.source_stands, { source: tools.world().source, command: one.command }),
      legend: () => [...seen.map((kind) => [colour(kind), named(kind)]), ["none", told.textContent]],
      rows: () => [[...one.labels, say.kind, say.belief], ...one.kinds.flatMap((row, j) => row.map((kind, i) => [one.values[0][i], one.values[1][j], named(kind), one.posterior[j][i] ?? ""]))] });
    return [h("h4", {}, say.screening), note(tools.isAsItStands() ? say.screening_note : `${say.screening_note} ${say.not_moved}`), h("p", { class: "choice" }, sliders), told,
      figure, h("dl", { class: "legend" }, legend), h("pre", {}, h("code", {}, one.command))];
  };

  // A path: how likely each triangle is by year, as it came with the page; and the game of one year alone, solved here.
  const years = () => {
    const { paths } = tools.world();
    if (!chosen.has(paths)) chosen.set(paths, { path: 0, year: 0, levels: null });
    const looked = chosen.get(paths);
    const [shown, ids] = [h("div", {}), ["path", "year"].map((what) => `${tools.id}-${what}`)];
    const choose = h("select", { id: ids[0], onchange: () => { Object.assign(looked, { path: Number(choose.value), year: 0, levels: null }); slider.max = last(); slider.value = 0; draw(); } },
      paths.map(({ title }, k) => h("option", { value: k, selected: k === looked.path }, title)));
    const last = () => paths[looked.path].years.length - 1;
    const slider = h("input", { type: "range", id: ids[1], min: 0, max: last(), value: looked.year, oninput: () => { Object.assign(looked, { year: Number(slider.value), levels: null }); draw(); } });
    const called = h("label", { for: ids[1] });
    const whole = new Intl.NumberFormat(data.language, { style: "percent" });
    const figure = h("figure", {});
    const drawnPath = () => paths[looked.path];
    take.offer(figure, { file: `${tools.id}-years`, title: say.years, source: () => fill(say.source_stands, { source: tools.world().source, command: drawnPath().command }),
      legend: () => [["none", fill(say.years_chart, { path: drawnPath().title })], ...drawnPath().kinds.map((profile) => [data.profiles[profile].fill, data.profiles[profile].triangle])],
      rows: () => [[say.year_head, ...drawnPath().kinds.map((profile) => data.profiles[profile].triangle)], ...drawnPath().years.map(({ year, chances }) => [year, ...chances])] });
    const draw = () => {
      const path = drawnPath();
      const { year, chances, levels: mean } = path.years[looked.year];
      const fills = path.kinds.map((profile) => data.profiles[profile].fill);
      const levels = looked.levels || mean;
      called.textContent = fill(say.year, { year });
      figure.querySelector("svg")?.remove();
      figure.prepend(triangle.yearsChart({ key: `${tools.id}-years`, title: fill(say.years_chart, { path: path.title }), years: path.years, fills, here: looked.year, percent: whole }));
      const likely = path.kinds.map((profile, kind) => [profile, chances[kind]]).filter(([, chance]) => chance >= 0.0005).sort((one, other) => other[1] - one[1])
        .map(([profile, chance]) => h("li", {}, swatchOf(String(profile)), fill(say.chance, { triangle: data.profiles[profile].triangle, share: percent.format(chance) })));
      slider.setAttribute("aria-valuetext", `${year}`);
      const set = tools.setOfYear(path, looked.year, levels);
      const alone = h("p", { role: "status", "data-year": year });
      const solve = (at) => { alone.textContent = fill(say.year_stable, { triangles: tools.words(tools.keyWith(at)) }); };
      const states = path.states.map((state, k) => {
        const id = `${tools.id}-state-${k}`;
        const select = h("select", { id, onchange: () => { looked.levels = (looked.levels || mean).map((level, other) => (other === k ? Number(select.value) : level)); solve(tools.setOfYear(path, looked.year, looked.levels)); } },
          state.levels.map((label, level) => h("option", { value: level, selected: level === levels[k] }, label)));
        return h("span", { class: "held" }, h("label", { for: id }, state.label), select);
      });
      solve(set);
      shown.replaceChildren(figure, h("ul", {}, likely), h("p", {}, say.year_alone), h("p", { class: "choice" }, states), alone,
        h("p", { class: "choice" }, h("button", { type: "button", onclick: () => tools.put(tools.setOfYear(path, looked.year, looked.levels || mean)) }, say.year_take)),
        h("pre", {}, h("code", {}, path.command)));
    };
    draw();
    return [note(tools.isAsItStands() ? say.years_note : `${say.years_note} ${say.not_moved}`),
      h("p", { class: "choice" }, h("label", { for: ids[0] }, say.path), choose), h("p", { class: "choice" }, called, slider), shown];
  };

  return { orderWords, mixed, mixedOf, isLong, orders, choices, types, years };
};

// What a path sets in a year at some levels of its states, by place: what drifts, then what the state sets or scales.
triangle.setOfYear = (path, year, levels) => {
  const set = Object.fromEntries([...path.own, ...path.moved.map((place, k) => [place, path.years[year].values[k]])]);
  path.states.forEach(({ sets, scales }, k) => {
    for (const [place, row] of sets) set[place] = row[levels[k]];
    for (const [place, row, low, high] of scales) set[place] = Math.min(high ?? Infinity, Math.max(low ?? -Infinity, set[place] * row[levels[k]]));
  });
  return Object.entries(set).map(([place, value]) => [Number(place), Number(value.toPrecision(13))]);
};
