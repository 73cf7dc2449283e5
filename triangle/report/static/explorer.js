"use strict";
// The explorer: sliders for every parameter of the model; what is stable is computed anew at each movement.
(() => {
  const STEPS = 200; // positions of a slider
  const NODES = 40; // steps in which a slider's range is searched for where the answer turns
  const COARSE = [14, 4, 0], FINE = [64, 7, 3]; // cells along each axis of the map, halvings, and how often a cell is cut in four
  const SLICE = 16; // milliseconds of work between two looks at the reader
  const LOOKS = [16, 5]; // steps in which parameters are tried for the axes of the map: alone, and beside the other one
  const MOST = 6; // stable postures that are drawn and spelt out

  const h = (name, attributes = {}, ...children) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
      else if (value !== undefined && value !== false) made.setAttribute(key, value === true ? "" : value);
    }
    made.append(...children.flat());
    return made;
  };
  const fill = (template, values) =>
    template.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));

  const explore = (root, { data, labels: say, terms }, programs) => {
    const game = new triangle.Game(data.shape);
    const models = programs.map((program, i) => new triangle.Model(program, game, data.terms[i]));
    const players = data.codes.map((_, i) => i);
    const byName = new Map(data.parameters.map((parameter) => [parameter.name, parameter]));
    const written = new Intl.NumberFormat(data.language, { maximumSignificantDigits: 4 });
    const amount = new Intl.NumberFormat(data.language, { maximumFractionDigits: 1, minimumFractionDigits: 1, signDisplay: "negative" });
    const signed = new Intl.NumberFormat(data.language, { maximumFractionDigits: 1, minimumFractionDigits: 1, signDisplay: "exceptZero" });
    const hundredths = new Intl.NumberFormat(data.language, { maximumFractionDigits: 2, minimumFractionDigits: 2 });
    const listed = new Intl.ListFormat(data.language);
    const measured = (parameter, value) => `${written.format(value)}${parameter.unit ? `\u202f${parameter.unit}` : ""}`;

    // A state is what is set over a scenario, who is held instead, and the axes of the map. The address, what can be undone
    // and A hold states as texts.
    const worldOf = (state) => data.scenarios[state.scenario];
    const initial = (scenario) => ({ scenario, set: {}, hold: {}, order: null, axes: null });
    const axesIn = (state) => state.axes ?? worldOf(state).axes ?? data.parameters.slice(0, 2).map(({ name }) => name);
    const textOf = ({ scenario, set, hold, order, axes }) => {
      const moved = data.parameters.filter(({ place }) => place in set).map(({ name, place }) => `${name}:${String(set[place]).replace("+", "")}`);
      const held = Object.entries(hold).map(([player, action]) => `${data.codes[player]}:${action < 0 ? "free" : data.action_names[player][action]}`);
      const parts = [`scenario=${encodeURIComponent(data.scenarios[scenario].name)}`, `set=${moved}`, `hold=${held}`, `order=${order === null ? "" : codesOf(order, ".") || "together"}`, `map=${axes ?? ""}`];
      return parts.filter((part) => !part.endsWith("=")).join("&");
    };
    const stateOf = (text) => {
      const asked = new URLSearchParams(text);
      const pairs = (key) => (asked.get(key) || "").split(",").map((part) => part.split(":"));
      const state = initial(Math.max(0, data.scenarios.findIndex(({ name }) => name === asked.get("scenario"))));
      for (const [name, value] of pairs("set")) {
        const parameter = byName.get(name);
        if (parameter && value && Number.isFinite(Number(value))) state.set[parameter.place] = bounded(parameter, Number(value));
      }
      for (const [code, action] of pairs("hold")) {
        const player = data.codes.indexOf(code);
        const number = player < 0 ? -1 : data.action_names[player].indexOf(action);
        if (player >= 0 && !worldOf(state).fixed.includes(player) && (number >= 0 || action === "free")) state.hold[player] = number;
      }
      state.order = orderOf(asked.get("order"));
      const axes = (asked.get("map") || "").split(",");
      if (axes.length === 2 && axes[0] !== axes[1] && axes.every((name) => byName.has(name))) state.axes = axes;
      return state;
    };
    // An order of moves is a list of stages; one that holds all who are free is none. Null is the scenario's own,
    // as it is of the axes of the map.
    const codesOf = (stages, joint) => stages.map((stage) => stage.map((player) => data.codes[player]).join(joint)).join();
    const orderOf = (text) => {
      if (text === "together") return [];
      const stages = (text || "").split(",").map((stage) => stage.split(".").map((code) => data.codes.indexOf(code)));
      const named = stages.flat();
      return named.includes(-1) || new Set(named).size < named.length ? null : stages;
    };
    const stagesIn = (state, hold) => {
      const free = players.filter((player) => !(player in hold));
      const stages = (state.order ?? worldOf(state).order).map((stage) => stage.filter((player) => free.includes(player))).filter(({ length }) => length);
      const left = free.filter((player) => !stages.flat().includes(player));
      if (left.length && stages.length) stages[stages.length - 1] = [...stages[stages.length - 1], ...left].sort();
      return stages.length < 2 ? [] : stages;
    };
    const bounded = ({ hard: [low, high] }, value) => Math.min(high ?? Infinity, Math.max(low ?? -Infinity, value));
    const heldIn = (state) => {
      const hold = { ...worldOf(state).hold, ...state.hold };
      for (const player of Object.keys(hold)) if (hold[player] < 0) delete hold[player];
      return hold;
    };

    // Answers.
    const keyAt = (state, set, hold) => {
      const model = models[worldOf(state).model];
      const payoffs = model.solve(model.values(worldOf(state), set));
      return model.isFinite ? keyOf(playedIn(payoffs, hold, stagesIn(state, hold))) : "!";
    };
    // What is played: the pure equilibria, or the outcomes of an order of moves, which play in gaps may leave open.
    const playedIn = (payoffs, hold, stages) => {
      if (!stages.length) return { found: game.equilibria(payoffs, hold), isOpen: false };
      const { sure, maybe, isOpen } = triangle.inOrder(game, payoffs, hold, stages);
      game.losses(payoffs);
      return { found: sure, maybe, isOpen };
    };
    const keyOf = ({ found, isOpen }) => (isOpen ? ["?", ...found] : found).join();
    const profilesOf = (key) => key.split(",").filter((part) => !["", "?", "!"].includes(part));
    const answerOf = (state) => {
      const [world, hold] = [worldOf(state), heldIn(state)];
      const stages = stagesIn(state, hold);
      const model = models[world.model];
      const values = model.values(world, state.set);
      const payoffs = model.solve(values).map((own) => own.slice()); // the model writes over its own
      if (!model.isFinite) return { values, hold, stages, payoffs, found: [], key: "!", cards: [], isFinite: false };
      const played = playedIn(payoffs, hold, stages);
      const { found } = played;
      const described = (index) => ({
        index,
        losses: game.lost.map((lost) => lost[index]),
        best: players.map((player) => game.deviation(payoffs, index, player)),
        payoffs: payoffs.map((own) => own[index]),
        agreements: game.agreements(payoffs, index, hold),
        terms: players.map((player) => model.termsAt(player, index)),
        instead: players.map((player) => model.termsAt(player, game.moved(index, player, game.deviation(payoffs, index, player)))),
      });
      const margin = (index) => Math.min(...game.standing(index, hold));
      const reachable = game.profiles.map((_, index) => index).filter((index) => game.reachable(index, hold));
      const nearest = reachable.reduce((best, index) => (margin(index) > margin(best) ? index : best));
      const cards = (found.length ? found : played.maybe?.length ? played.maybe : [nearest]).slice(0, MOST).map((index) => ({ ...described(index), margin: margin(index) }));
      return { values, hold, stages, payoffs, ...played, key: keyOf(played), cards, isFinite: true };
    };
    const setWords = (key) =>
      key === "!" ? say.beyond : [...few(profilesOf(key).map((index) => data.profiles[index].triangle)), ...(key.startsWith("?") ? [say.open] : [])].join("; ") || say.none;
    const few = (words) => (words.length > MOST + 1 ? [...words.slice(0, MOST), fill(say.further, { n: words.length - MOST })] : words);
    const postures = (found) => few(found.map((index) => data.profiles[index].posture)).join("; ");
    const headline = ({ found, hold, stages, isOpen, isFinite }, isShort) => {
      if (!isFinite) return say.infinite;
      const doing = Object.entries(hold).map(([player, action]) => data.doing[player][action]);
      const count = found.length === 1 ? "one" : found.length ? "many" : "none_stable";
      const template = stages.length ? `ordered_${isOpen ? "open" : count}` : count;
      const parts = [...(doing.length ? [fill(say.given, { given: listed.format(doing) })] : []), ...(stages.length ? [fill(say.ordered, { order: panels.orderWords(stages) })] : []),
        fill(say[isShort && found.length && !isOpen ? `${template}_short` : template], { n: found.length, postures: postures(found) })];
      return parts.join(" ");
    };

    // Letters and colours: a profile has its own, a set of several the letters of all and the stripes of two.
    const inOrder = (key) => (profilesOf(key).map((index) => data.profiles[index])
      .sort(({ letter: a }, { letter: b }) => a.length - b.length || (a < b ? -1 : 1)));
    const lettersOf = (key) => [...inOrder(key).map(({ letter }) => letter), ...(key.startsWith("?") ? ["?"] : [])].join("+") || "–";
    const looks = new Map();
    const lookOf = (key) => {
      if (!looks.has(key)) {
        const some = inOrder(key);
        const fills = some.length ? [...new Set(some.map(({ fill: own }) => own))] : ["#ffffff", "#777777"];
        looks.set(key, { one: fills[0], other: key.includes(",") ? fills[1] || "#333333" : some.length ? fills[0] : fills[1] });
      }
      return looks.get(key);
    };
    const striped = (key) => {
      const { one, other } = lookOf(key);
      return one === other ? one : `repeating-linear-gradient(45deg, ${one} 0 4px, ${other} 4px 6px)`;
    };

    const swatchOf = (key) => {
      const swatch = h("span", { class: "swatch", "aria-hidden": "true" });
      swatch.style.background = striped(key);
      return swatch;
    };

    // Words of the glossary, where they stand in the heads of columns and rows; what they mean stands in the page.
    const forms = Object.fromEntries(terms.flatMap(([key, every]) => every.map((form) => [form.toLocaleLowerCase(), key])));
    const pattern = new RegExp(`(?<![\\p{L}])(${Object.keys(forms).sort((a, b) => b.length - a.length).join("|")})(?![\\p{L}])`, "iu");
    const marked = (text) => {
      const found = terms.length && typeof text === "string" && text.match(pattern);
      if (!found) return text;
      const word = `word-${forms[found[0].toLocaleLowerCase()]}`;
      return [text.slice(0, found.index), h("button", { type: "button", class: "term", popovertarget: word, popovertargetaction: "show", "aria-describedby": word }, found[0]), text.slice(found.index + found[0].length)];
    };

    // What stands on the page.
    let state = initial(0);
    let kept = "";
    let [past, future] = [[], []];
    const scenario = h("select", { id: `${root.id}-scenario`, onchange: () => { state = { ...initial(Number(scenario.value)), axes: state.axes }; commit(); } },
      data.scenarios.map((world, i) => h("option", { value: i }, world.title)));
    const button = (label, act, attributes = {}) => h("button", { type: "button", onclick: act, ...attributes }, label);
    const undo = button(say.undo, () => step(past, future), { "data-undo": true });
    const redo = button(say.redo, () => step(future, past), { "data-redo": true });
    const keep = button(say.keep, () => { kept = textOf(state); commit(); }, { "data-keep": true });
    const reset = button(say.reset, () => { state = { ...initial(state.scenario), axes: state.axes }; commit(); }, { "data-reset": true });
    const status = h("p", { class: "visually-hidden", role: "status", "aria-live": "polite", "data-status": true });
    const lead = h("p", { class: "sim-lead wide", "data-lead": true });
    const short = h("p", { class: "sim-lead narrow", "aria-hidden": "true" });
    const cards = h("div", { class: "sim-cards", "data-found": true });
    const why = h("div", { "data-why": true });
    const byTerms = h("div", { "data-terms": true });
    const compared = h("div", { "data-compared": true });
    const views = h("div", { "data-views": true });
    const command = h("code", { "data-command": true });
    const settings = h("div", {}, h("pre", {}, command));
    const taken = h("div", {});
    const sourceOf = () => fill(say.source, { source: worldOf(state).source, command: command.textContent });
    const holders = players.map((player) => h("select", { id: `${root.id}-hold-${player}`, onchange: () => {
      const [own, action] = [worldOf(state).hold[player] ?? -1, Number(holders[player].value)];
      state.hold = { ...state.hold, [player]: action };
      if (own === action) delete state.hold[player];
      commit();
    } }, h("option", { value: -1 }, say.free), data.actions[player].map((action, a) => h("option", { value: a }, action))));

    const turns = h("select", { id: `${root.id}-order`, onchange: () => { reorder(options[Number(turns.value)]); } });
    let options = [];
    const reorder = (stages) => {
      const own = stagesIn({ ...state, order: null }, heldIn(state));
      const order = stages.length < 2 ? [] : stages;
      state.order = codesOf(order, ".") === codesOf(own, ".") ? null : order;
      commit();
    };

    // A row for each parameter: its slider, the sets along it, and where the answer turns.
    const positionOf = ({ low, high, scale }, value) =>
      Math.round(STEPS * Math.min(1, Math.max(0, scale === "log" ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low))));
    const valueAt = ({ low, high, scale }, share) => (scale === "log" ? low * (high / low) ** share : low + (high - low) * share);
    const rows = data.parameters.map((parameter, number) => {
      const id = `${root.id}-${number}`;
      const own = () => models[worldOf(state).model].values(worldOf(state), {})[parameter.place];
      const put = (value, isDone) => {
        state.set = { ...state.set, [parameter.place]: value };
        if (value === own() && !worldOf(state).following.some(({ place }) => place === parameter.place)) delete state.set[parameter.place];
        if (isDone) commit();
        else show(true);
      };
      const slider = h("input", { type: "range", id, min: 0, max: STEPS, step: 1, "aria-describedby": `${id}-m ${id}-turn`, oninput: () => {
        const position = Number(slider.value);
        const at = Number(valueAt(parameter, position / STEPS).toPrecision(4));
        put(position === positionOf(parameter, own()) ? own() : bounded(parameter, Math.min(parameter.high, Math.max(parameter.low, at))), false);
      }, onchange: () => commit() });
      const typed = h("input", { type: "number", step: "any", id: `${id}-value`, "aria-label": fill(say.value, { name: parameter.label }), onchange: () => {
        if (typed.value !== "" && Number.isFinite(Number(typed.value))) put(bounded(parameter, Number(typed.value)), true);
        else show();
      } });
      const back = button("↺", () => { const set = { ...state.set }; delete set[parameter.place]; state.set = set; commit(); },
        { class: "back", title: say.back, "aria-label": fill(say.back_to, { name: parameter.label }) });
      const strip = h("div", { class: "strip", "aria-hidden": "true" });
      const stands = h("p", { class: "note", id: `${id}-m` });
      const turn = h("p", { class: "note turn", id: `${id}-turn` });
      const entry = `parameter-${parameter.name}`; // in a whole report, where its figures are listed
      const origin = document.getElementById(entry) ? h("a", { href: `#${entry}` }, h("code", {}, parameter.name)) : h("code", {}, parameter.name);
      const element = h("div", { class: "slider", "data-parameter": parameter.name },
        h("label", { for: id }, parameter.label), h("span", { class: "typed" }, typed, h("span", { class: "note" }, parameter.unit), back), slider, strip, turn,
        h("details", {}, h("summary", {}, stands), h("p", { class: "note" }, h("bdi", {}, parameter.meaning), " ", origin)));
      return { parameter, element, slider, typed, back, strip, stands, turn, own };
    });
    const groups = ["lever", "view", "other"].map((group) => {
      const inside = rows.filter(({ parameter }) => parameter.group === group).map(({ element }) => element);
      const heading = h(group === "lever" ? "h3" : "summary", {}, fill(say[group], { n: inside.length }));
      const note = h("p", { class: "note" }, say[`${group}_note`]);
      return inside.length ? (group === "lever" ? h("div", {}, heading, note, inside)
        : h("details", { class: "group", open: group === "view" && matchMedia("(min-width: 70rem)").matches, ontoggle: () => work() }, heading, note, group === "view" ? views : [], inside)) : [];
    });
    const missed = h("p", { class: "note", role: "status" });
    const find = h("input", { type: "search", id: `${root.id}-find`, oninput: () => {
      const words = find.value.trim().toLocaleLowerCase();
      for (const { parameter, element } of rows) {
        element.hidden = !`${parameter.label} ${parameter.name} ${parameter.meaning}`.toLocaleLowerCase().includes(words);
        if (words && !element.hidden && element.closest("details.group")) element.closest("details.group").open = true;
      }
      missed.textContent = rows.some(({ element }) => !element.hidden) ? "" : fill(say.find_none, { words: find.value.trim() });
      work();
    } });

    // The map.
    const axes = [0, 1].map((k) => h("select", { id: `${root.id}-axis-${k}`, onchange: () => {
      const [chosen, before] = [axes[k].value, axesIn(state)];
      const other = chosen === before[1 - k] ? before[k] : before[1 - k];
      state.axes = k === 0 ? [chosen, other] : [other, chosen];
      commit();
    } }, data.parameters.map(({ name, label }) => h("option", { value: name }, label))));
    const go = (right, up) => {
      const [across, upwards] = axesIn(state).map((name) => byName.get(name));
      const at = (parameter, share) => bounded(parameter, Number(valueAt(parameter, Math.min(1, Math.max(0, share))).toPrecision(3)));
      state.set = { ...state.set, [across.place]: at(across, right), [upwards.place]: at(upwards, up) };
      commit();
    };
    const forgetAxes = button(say.map_own, () => { state.axes = null; commit(); }, { "data-own-axes": true });
    const map = h("figure", { class: "sim-map" });
    const mapNote = h("p", { "data-map-note": true });
    const legend = h("dl", { class: "legend", "data-legend": true });

    const drawing = root.querySelector("template").content.querySelector("svg");
    const draw = (index, number) => {
      const [profile, copy] = [data.profiles[index], drawing.cloneNode(true)];
      const [title, told] = [copy.querySelector("title"), copy.querySelector("desc")];
      title.id = `${root.id}-t${number}`;
      told.id = `${root.id}-d${number}`;
      copy.setAttribute("aria-labelledby", `${title.id} ${told.id}`);
      title.textContent = profile.triangle;
      told.textContent = profile.posture;
      for (const [pair, yes] of Object.entries(profile.stances)) {
        const arrow = copy.querySelector(`[data-stance="${pair}"]`);
        arrow.setAttribute("stroke", yes ? "#009E73" : "#D55E00");
        arrow.setAttribute("fill", yes ? "#009E73" : "#D55E00");
        arrow.setAttribute("stroke-dasharray", yes ? "none" : "6 4");
      }
      for (const [pair, yes] of Object.entries(profile.links)) {
        copy.querySelector(`[data-link="${pair}"]`).setAttribute("stroke-opacity", yes ? "0.22" : "0");
      }
      for (const text of copy.querySelectorAll("[data-action]")) {
        const player = Number(text.dataset.action);
        text.textContent = data.actions[player][game.profiles[index][player]];
      }
      return copy;
    };
    const card = (answer, { index, margin, agreements }, number) => {
      const isNash = margin > -1e-9;
      const stands = answer.stages.length && (answer.found.length || answer.maybe.length) ? (answer.found.length ? (isNash ? say.ordered_too : say.ordered_only) : say.ordered_maybe)
        : !answer.found.length ? fill(say.regret, { amount: amount.format(-margin) })
        : margin === Infinity ? say.all_held : fill(say.margin, { amount: amount.format(margin) });
      const swatch = h("span", { class: "swatch", "aria-hidden": "true" });
      swatch.style.background = data.profiles[index].fill;
      const drawn = drawing.querySelectorAll("[data-action]").length; // third parties stand below the triangle
      const others = players.slice(drawn).map((player) => h("span", {}, data.doing[player][game.profiles[index][player]]));
      const [first] = agreements;
      const broken = answer.found.length && !answer.stages.length && first && counts(first)
        ? h("span", { class: "left" }, fill(say.left, { pair: listed.format(first.players.map((player) => data.countries[player])) })) : [];
      return h("figure", { class: "card", "data-profile": index }, draw(index, number),
        h("figcaption", {}, h("strong", {}, swatch, `${data.profiles[index].letter}: ${data.profiles[index].triangle}`), others, h("span", {}, stands), broken));
    };
    const counts = ({ trust }) => trust <= data.trust + 1e-12;
    const standing = (answer, one) => {
      const departs = players.map((player) => {
        const [loss, action] = [one.losses[player], data.actions[player][one.best[player]]];
        const key = player in answer.hold ? (loss < 0 ? "held_gains" : "held_loses") : loss < 0 ? "gains" : "loses";
        return h("li", {}, fill(say[key], { player: data.countries[player], amount: amount.format(Math.abs(loss)), action }));
      });
      const agreed = one.agreements.map(({ players: pair, to, gains, trust }) => h("li", {}, fill(counts({ trust }) ? say.agreement : say.agreement_weak, {
        pair: listed.format(pair.map((player) => data.countries[player])), posture: data.profiles[to].posture,
        first: amount.format(gains[0]), second: amount.format(gains[1]), trust: hundredths.format(trust),
      })));
      return [h("h4", {}, data.profiles[one.index].triangle), h("ul", {}, departs, answer.stages.length ? h("li", {}, say.no_agreements_ordered) : agreed.length ? agreed : h("li", {}, say.no_agreement))];
    };
    // On a phone the rows of a table whose first column has a heading become paragraphs, each cell saying its column.
    const table = (caption, [corner, ...head], body, file, kind) => {
      const celled = (name, attributes, cell) => { // a cell that says itself, or one that was written and is taken away as it is
        const both = cell.constructor === Object ? cell : { text: cell };
        return h(name, { ...attributes, "data-order": both.value }, name === "th" ? marked(both.text) : both.text);
      };
      const made = h("table", { class: corner ? "stacks" : undefined }, h("caption", {}, caption),
        h("thead", {}, h("tr", {}, h(corner ? "th" : "td", corner ? { scope: "col" } : {}, marked(corner)), head.map((text) => h("th", { scope: "col", class: kind }, marked(text))))),
        h("tbody", {}, body.map(([first, ...cells]) => h("tr", {}, celled("th", { scope: "row", "data-label": corner }, first), cells.map((cell, k) => celled("td", { class: kind, "data-label": head[k] }, cell))))));
      const box = h("div", {}, h("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": caption }, made));
      return take.offer(box, { file: `${root.id}-${file}`, title: caption, source: sourceOf, isDrawn: false, rows: () => take.ofTable(made) });
    };
    const exact = (format, value) => ({ text: format.format(value), value }); // a number in a table, written and as it is
    // What each would lose by its best other action: as a picture, and as rows.
    const lossRows = ({ cards: all, hold }) => [
      [say.letters, say.triangle, say.player, say.action, say.held_short, say.has, say.best, say.loses_short],
      ...all.flatMap(({ index, payoffs, losses: lost, best }) => players.map((player) => [data.profiles[index].letter, data.profiles[index].triangle, data.countries[player],
        data.actions[player][game.profiles[index][player]], player in hold ? say.yes : say.no, payoffs[player], ...(best[player] < 0 ? ["", ""] : [data.actions[player][best[player]], lost[player]])]))];
    const losses = (answer) => {
      const groups = answer.cards.map(({ index, losses: lost, best }) => ({ ...data.profiles[index], bars: players.map((player) => ({
        player: data.countries[player], action: best[player] < 0 ? "" : fill(say.instead, { action: data.actions[player][best[player]] }), loss: lost[player], isHeld: player in answer.hold })) }));
      const drawn = h("figure", {}, triangle.lossChart({ key: `${root.id}-losses`, title: say.losses, groups, number: amount }), h("figcaption", {}, say.losses));
      return take.offer(drawn, { file: `${root.id}-losses`, title: say.losses, source: sourceOf, legend: () => [["none", say.losses]], rows: () => lossRows(answer) });
    };
    const byTerm = (one, names) => {
      const head = ["", ...players.map((player) => data.countries[player]), ...players.map((player) => fill(say.against, { player: data.codes[player], action: data.actions[player][one.best[player]] }))];
      const row = (name, mine, instead) => [name, ...mine.map((own) => exact(amount, own)), ...mine.map((own, player) => exact(signed, own - instead[player]))];
      const touched = names.map((_, term) => term).filter((term) => players.some((player) => one.terms[player][term] || one.instead[player][term]));
      const body = touched.map((term) => row(names[term], one.terms.map((own) => own[term]), one.instead.map((own) => own[term])));
      const total = row(say.sum, one.payoffs, players.map((player) => one.payoffs[player] - one.losses[player]));
      return table(fill(say.terms_at, { triangle: data.profiles[one.index].triangle }), head, [...body, total], `terms-${data.profiles[one.index].letter}`, "number");
    };
    const commandOf = (at, hold) => {
      const world = worldOf(at);
      const moved = data.parameters.filter(({ place }) => place in at.set);
      const holds = players.filter((player) => (hold[player] ?? -1) !== (world.own_hold[player] ?? -1))
        .map((player) => `--hold ${data.codes[player]}=${player in hold ? data.action_names[player][hold[player]] : "free"}`);
      const present = players.filter((player) => !world.fixed.includes(player));
      const [own, asked] = [stagesIn({ ...at, order: null }, hold), stagesIn(at, hold)];
      const turned = codesOf(own, "+") === codesOf(asked, "+") ? [] : [`--order ${codesOf(asked.length ? [...present.filter((player) => player in hold).map((player) => [player]), ...asked] : [present], "+")}`];
      const settings = world.settings.filter(([name]) => !moved.some((parameter) => parameter.name === name)).map(([, setting]) => `--set ${setting}`);
      return [world.command, ...holds, ...turned, ...settings, ...moved.map(({ name, place }) => `--set ${name}=${at.set[place]}`)].join(" ");
    };

    // What is shown at once, and what is worked out after.
    let current = null;
    let waiting = 0;
    let speaking = 0;
    const show = (isMoving = false) => {
      const answer = answerOf(state);
      current = answer;
      const world = worldOf(state);
      root.dataset.stable = answer.found.join();
      scenario.value = String(state.scenario);
      const stood = document.activeElement;
      undo.disabled = !past.length;
      redo.disabled = !future.length;
      // A button that can do nothing more hands the keyboard on to the one that takes it back.
      if (stood === undo && undo.disabled) redo.focus();
      if (stood === redo && redo.disabled) undo.focus();
      root.classList.toggle("is-moved", textOf(state) !== textOf(initial(0)) || kept !== "");
      players.forEach((player) => {
        holders[player].value = String(answer.hold[player] ?? -1);
        holders[player].disabled = world.fixed.includes(player);
      });
      if (!isMoving) {
        options = [[], ...triangle.ordersOf(players.filter((player) => !(player in answer.hold))).filter(({ length }) => length > 1)];
        turns.replaceChildren(...options.map((stages, k) => h("option", { value: k }, panels.orderWords(stages))));
        turns.value = String(options.findIndex((stages) => codesOf(stages, ".") === codesOf(answer.stages.map((stage) => [...stage].sort()), ".")));
        turns.disabled = options.length < 2;
      }
      for (const { parameter, element, slider, typed, back, stands, own } of rows) {
        const value = answer.values[parameter.place];
        if (isMoving && element.dataset.value === String(value)) continue;
        const position = String(positionOf(parameter, value));
        if (slider.value !== position) slider.value = position;
        typed.value = String(Number(value.toPrecision(5)));
        slider.setAttribute("aria-valuetext", measured(parameter, value));
        element.dataset.value = String(value);
        const isSet = parameter.place in state.set;
        element.classList.toggle("is-set", isSet);
        if (!isSet && document.activeElement === back) slider.focus();
        back.hidden = !isSet;
        if (isMoving) continue;
        const isRead = world.reads.includes(parameter.place);
        element.classList.toggle("is-idle", !isRead);
        stands.textContent = fill(isRead ? say.stands : say.unread, { own: measured(parameter, own()), default: written.format(parameter.default),
          backing: parameter.backing, low: written.format(parameter.low), high: written.format(parameter.high) });
      }
      lead.textContent = headline(answer, false);
      short.textContent = headline(answer, true);
      clearTimeout(speaking);
      speaking = setTimeout(() => { if (status.textContent !== lead.textContent) status.textContent = lead.textContent; }, 500);
      cards.replaceChildren(...answer.cards.map((one, number) => card(answer, one, number)));
      command.textContent = commandOf(state, answer.hold);
      showAxes();
      work(isMoving);
    };

    const commit = () => {
      const text = textOf(state) + (kept && `&a=${encodeURIComponent(kept)}`);
      if (text !== commit.last) {
        if (commit.last !== undefined) past.push(commit.last);
        future = [];
        commit.last = text;
        history.replaceState(null, "", `#${root.id}?${text}`);
      }
      show();
    };
    const adopt = (text) => {
      state = stateOf(text);
      kept = new URLSearchParams(text).get("a") || "";
      if (kept) kept = textOf(stateOf(kept));
    };
    const step = (from, to) => {
      if (!from.length) return;
      to.push(commit.last);
      commit.last = from.pop();
      adopt(commit.last);
      history.replaceState(null, "", `#${root.id}?${commit.last}`);
      show();
    };

    // Work that nobody waits for, in slices; a new movement drops it.
    const explain = () => {
      const world = worldOf(state);
      why.replaceChildren(...(current.cards.length ? [losses(current)] : []), ...current.cards.flatMap((one) => standing(current, one)));
      byTerms.replaceChildren(...current.cards.map((one) => byTerm(one, data.terms[world.model])));
      const thirds = players.slice(3).filter((player) => !(player in current.hold));
      for (const { name, details, isThere } of sides) {
        details.hidden = !current.isFinite || !isThere(world, thirds);
        if (name === "mixed" && !current.found.length && current.isFinite) details.open = true;
        if (details.open && !details.hidden) renewed(details.lastChild, panels[name](current));
      }
    };
    // What three mix takes longer than a movement of a slider may.
    function* mixOfThree() {
      const { details } = sides.find(({ name }) => name === "mixed");
      if (details.open && current.isFinite && panels.isLong(current)) renewed(details.lastChild, yield* panels.mixedOf(current));
    }
    // What is put in the place of what a reader stood in: the keyboard stays where it was.
    const renewed = (place, nodes) => {
      const reached = () => [...place.querySelectorAll("button, select, input, [tabindex]")];
      const at = reached().indexOf(document.activeElement);
      place.replaceChildren(...nodes);
      if (at >= 0) reached()[at]?.focus();
    };
    const work = (isMoving = false) => {
      waiting += 1;
      const mine = waiting;
      root.dataset.asked = String(mine);
      const inView = ({ element }) => { const box = element.getBoundingClientRect(); return box.height > 0 && box.bottom > -200 && box.top < innerHeight + 200; };
      const jobs = [
        function* () { if (map.closest("details").open && map.getClientRects().length) yield* drawMap(COARSE); },
        ...(isMoving ? [explain] : [explain, compare, follow]).map((act) => function* () { act(); yield; }),
        ...rows.filter(inView).map((row) => () => search(row)),
        function* () { if (map.closest("details").open && map.getClientRects().length) yield* drawMap(FINE); },
        ...rows.filter((row) => !inView(row) && row.element.getClientRects().length).map((row) => () => search(row)),
        ...(isMoving ? [] : [mixOfThree]),
      ];
      let running = null;
      const go = () => {
        const until = performance.now() + SLICE;
        while (mine === waiting && performance.now() < until) {
          if (!running) {
            if (!jobs.length) { root.dataset.idle = String(mine); return; }
            running = jobs.shift()();
          }
          if (running.next().done) running = null;
        }
        if (mine === waiting) next.port2.postMessage(0); // sooner than a timer, and after what the reader did
      };
      const next = new MessageChannel();
      next.port1.onmessage = go;
      setTimeout(go);
    };

    function* search({ parameter, strip, turn }) {
      const [here, hold] = [current.key, current.hold];
      const at = (value) => keyAt(state, { ...state.set, [parameter.place]: value }, hold);
      const value = current.values[parameter.place];
      const nodes = [...new Set([...Array.from({ length: NODES + 1 }, (_, k) => valueAt(parameter, k / NODES)), value])]
        .filter((node) => node >= parameter.low && node <= parameter.high || node === value).sort((a, b) => a - b);
      const keys = [];
      for (const node of nodes) { keys.push(node === value ? here : at(node)); yield; }
      const share = (node) => (parameter.scale === "log" ? Math.log(node / parameter.low) / Math.log(parameter.high / parameter.low) : (node - parameter.low) / (parameter.high - parameter.low));
      const stops = [[keys[0], 0]];
      const place = nodes.indexOf(value);
      const found = {};
      for (let k = 0; k + 1 < nodes.length; k += 1) {
        if (keys[k] === keys[k + 1]) continue;
        let [low, high, above] = [nodes[k], nodes[k + 1], keys[k + 1]];
        for (let halving = 0; halving < 14; halving += 1) {
          const middle = (low + high) / 2;
          const key = at(middle);
          if (key === keys[k]) low = middle;
          else [high, above] = [middle, key];
          yield;
        }
        stops.push([above, share(high)]);
        if (above !== keys[k + 1]) stops.push([keys[k + 1], share(nodes[k + 1])]);
        if (k >= place && found.above === undefined) found.above = [high, above];
        if (k < place) found.below = [low, keys[k]];
      }
      const percent = (x) => `${(100 * Math.min(1, Math.max(0, x))).toFixed(2)}%`;
      strip.replaceChildren(...stops.map(([key, from], k) => {
        const part = h("span");
        const to = k + 1 < stops.length ? stops[k + 1][1] : 1;
        part.style.left = percent(from);
        part.style.width = percent(to - from);
        part.style.background = striped(key);
        return part;
      }));
      const said = [];
      if (found.below) said.push(fill(say.turns_below, { value: measured(parameter, found.below[0]), then: setWords(found.below[1]) }));
      if (found.above) said.push(fill(say.turns_above, { value: measured(parameter, found.above[0]), then: setWords(found.above[1]) }));
      turn.textContent = said.join(" ") || say.turns_nowhere;
      turn.dataset.below = found.below ? found.below[0] : "";
      turn.dataset.above = found.above ? found.above[0] : "";
    }

    // The two parameters along which the answer changes most in a scenario as it stands: one that does so alone, and the one
    // that does so most beside it; a lever before a judgement, and that before the rest, unless it does less than half as much.
    function* axesOf(world) {
      const own = { ...initial(data.scenarios.indexOf(world)) };
      const [hold, values, steps] = [heldIn(own), models[world.model].values(world, {}), ([count]) => Array.from({ length: count + 1 }, (_, k) => k / count)];
      const open = data.parameters.filter(({ place, low, high }) => world.reads.includes(place) && low < high);
      const most = (scores) => {
        const best = Math.max(...scores.values());
        return ["lever", "view", "other"].flatMap((group) => open.filter((one) => one.group === group && scores.get(one) >= best / 2 && best > 0).sort((a, b) => scores.get(b) - scores.get(a)))[0];
      };
      const differs = (key, set) => (keyAt(own, set, hold) === key ? 0 : 1);
      const alone = new Map();
      const here = keyAt(own, {}, hold);
      for (const one of open) {
        alone.set(one, steps([LOOKS[0]]).reduce((sum, share) => sum + differs(here, { [one.place]: valueAt(one, share) }), 0));
        yield;
      }
      const first = most(alone) ?? open[0];
      const beside = new Map();
      for (const one of open) {
        if (one === first) continue;
        let count = 0;
        for (const share of steps([LOOKS[1]])) {
          const at = { [first.place]: valueAt(first, share) };
          const key = keyAt(own, { ...at, [one.place]: values[one.place] }, hold);
          for (const other of steps([LOOKS[1]])) count += differs(key, { ...at, [one.place]: valueAt(one, other) });
        }
        beside.set(one, count);
        yield;
      }
      const second = most(beside) ?? open.find((one) => one !== first);
      return first && second ? [first.name, second.name] : axesIn(own);
    }
    const showAxes = () => {
      axes.forEach((axis, k) => { axis.value = axesIn(state)[k]; });
      forgetAxes.hidden = state.axes === null;
    };
    const shareOf = (parameter, value) => (parameter.scale === "log" ? Math.log(value / parameter.low) / Math.log(parameter.high / parameter.low) : (value - parameter.low) / (parameter.high - parameter.low));
    const few3 = new Intl.NumberFormat(data.language, { maximumSignificantDigits: 3 });
    const wordsOf = (key) => (key === "!" ? say.beyond : [...few(profilesOf(key).map((index) => data.profiles[index].posture)), ...(key.startsWith("?") ? [say.open] : [])].join("; ") || say.none_stable);
    const mapped = {}; // what the map shows, for who takes it away
    function* drawMap([cells, halvings, depth]) {
      const world = worldOf(state);
      if (!state.axes && !world.axes) {
        world.axes = yield* axesOf(world);
        showAxes();
      }
      const [across, upwards] = axesIn(state).map((name) => byName.get(name));
      const { hold, key: here, values } = current;
      const set = { ...state.set };
      const at = (right, up) => { set[across.place] = valueAt(across, right); set[upwards.place] = valueAt(upwards, up); return keyAt(state, set, hold); };
      const regions = yield* triangle.regionsOf(cells, halvings, depth, at);
      const title = fill(say.map_label, { x: across.label, y: upwards.label, n: regions.areas.length, here: setWords(here) });
      const mark = (found, radius, isFilled) => ({ at: [shareOf(across, found[across.place]), shareOf(upwards, found[upwards.place])], radius, isFilled });
      const named = ({ label, unit }) => (unit ? `${label} (${unit})` : label);
      const tick = (parameter) => (share) => few3.format(valueAt(parameter, share));
      const { chart, fills } = triangle.mapChart({ key: `${root.id}-map`, title, told: say.map_note, across: named(across), upwards: named(upwards),
        ticks: { across: tick(across), upwards: tick(upwards) }, regions, lookOf, lettersOf, go,
        marks: [mark(models[world.model].values(world, {}), 4, true), mark(values, 9, false)].filter(({ at: shares }) => shares.every((share) => share >= -0.001 && share <= 1.001)) });
      map.querySelector("svg")?.remove();
      map.prepend(chart);
      Object.assign(mapped, { regions, fills, across, upwards, title });
      const isFlat = (rows) => rows.every((row) => row.every((key) => key === row[0]));
      const idle = [[across, isFlat(regions.keys)], [upwards, isFlat(regions.keys[0].map((_, i) => regions.keys.map((row) => row[i])))]].filter(([, isIdle]) => isIdle).map(([{ label }]) => label);
      mapNote.textContent = [regions.areas.length === 1 ? fill(say.map_same, { words: setWords(regions.areas[0].key) }) : idle.length ? fill(say.map_idle, { name: idle[0] }) : "",
        state.axes ? "" : say.map_chosen].filter(Boolean).join(" ");
      legend.replaceChildren(...regions.areas.slice(0, 12).flatMap(({ key }) => [h("dt", {}, swatchOf(key), lettersOf(key)), h("dd", {}, wordsOf(key))]));
      yield;
    }
    const mapRows = () => {
      const { regions: { keys }, across, upwards } = mapped;
      const at = (parameter, k) => Number(valueAt(parameter, k / (keys.length - 1)).toPrecision(12));
      return [[across.name, upwards.name, say.letters, say.stable], ...keys.flatMap((row, j) => row.map((key, i) => [at(across, i), at(upwards, j), lettersOf(key), wordsOf(key)]))];
    };
    const mapLegend = () => mapped.regions.areas.slice(0, 12).map(({ key }) => [mapped.fills.get(key), `${lettersOf(key)}: ${wordsOf(key)}`]);

    // One's own judgements beside the scenario's: what follows from all, and from each alone.
    const follow = () => {
      const mine = rows.filter(({ parameter }) => parameter.group === "view" && parameter.place in state.set);
      const without = { ...state.set };
      for (const { parameter } of mine) delete without[parameter.place];
      const others = keyAt(state, without, current.hold);
      const body = mine.map(({ parameter, own }) => [parameter.label, exact(written, own()), exact(written, state.set[parameter.place]),
        setWords(keyAt(state, { ...without, [parameter.place]: state.set[parameter.place] }, current.hold))]);
      views.replaceChildren(...(mine.length ? [
        h("p", {}, fill(current.key === others ? say.view_same : say.view_other, { mine: setWords(current.key), others: setWords(others) })),
        table(say.view_table, [say.judgement, say.theirs, say.mine, say.alone], body, "view"),
      ] : []));
    };
    const compare = () => {
      if (!kept) { renewed(compared, [h("p", { class: "note" }, say.keep_note)]); return; }
      const [a, b] = [stateOf(kept), state];
      const answers = [answerOf(a), answerOf(b)];
      const moved = data.parameters.filter(({ place }) => answers[0].values[place] !== answers[1].values[place]);
      const least = ({ cards: [first], found, stages }) => (stages.length ? "–" : found.length ? fill(say.margin, { amount: amount.format(first.margin) }) : say.none);
      const body = [
        [say.scenario, h("bdi", {}, worldOf(a).title), h("bdi", {}, worldOf(b).title)],
        [say.stable, ...answers.map(({ found }) => (found.length ? postures(found) : say.none_stable))],
        ...(answers.some(({ stages }) => stages.length) ? [[say.order, ...answers.map(({ stages }) => panels.orderWords(stages))]] : []),
        [say.firm, ...answers.map(least)],
        ...players.map((player) => [fill(say.payoff, { player: data.countries[player] }), ...answers.map(({ found, cards: all }) => (found.length ? all.map(({ payoffs }) => amount.format(payoffs[player])).join("; ") : "–"))]),
        ...moved.map((parameter) => [parameter.label, ...answers.map(({ values }) => measured(parameter, values[parameter.place]))]),
      ];
      const back = button(say.back_to_a, () => { const before = textOf(state); state = stateOf(kept); kept = before; commit(); });
      renewed(compared, [h("p", { class: "choice" }, back, button(say.forget, () => { kept = ""; commit(); keep.focus(); })), table(say.compare, ["", "A", "B"], body, "compared")]);
    };

    const over = (set) => ({ ...state.set, ...Object.fromEntries(set) });
    const percent = new Intl.NumberFormat(data.language, { style: "percent", maximumFractionDigits: 1 });
    const panels = triangle.panels({ h, fill, data, say, game, players, swatchOf, table, formats: { amount, signed, percent, listed, written }, exact, sourceOf, marked, tools: {
      id: root.id, world: () => worldOf(state), words: setWords, order: reorder, setOfYear: triangle.setOfYear,
      command: () => commandOf({ ...state, order: null }, current.hold), isAsItStands: () => !Object.keys(state.set).length,
      keyWith: (set) => keyAt(state, over(set), current.hold), put: (set) => { state.set = over(set); commit(); },
    } });
    const sides = [["mixed", () => true], ["orders", () => true], ["choices", (_, thirds) => thirds.length > 0], ["types", ({ types }) => types.length > 0], ["years", ({ paths }) => paths.length > 0]]
      .map(([name, isThere]) => ({ name, isThere, details: h("details", { class: "more", "data-panel": name, ontoggle: () => work() }, h("summary", {}, say[name]), h("div")) }));

    root.append(
      h("div", { class: "choice sim-bar" }, h("label", { for: scenario.id }, say.scenario), scenario, undo, redo, keep, reset),
      status,
      h("div", { class: "sim" },
        h("div", { class: "sim-controls" },
          h("fieldset", {}, h("legend", {}, say.held), players.map((player) => h("span", { class: "held" }, h("label", { for: holders[player].id }, data.countries[player]), holders[player])),
            h("span", { class: "held" }, h("label", { for: turns.id }, say.order), turns)),
          h("p", { class: "choice" }, h("label", { for: find.id }, say.find), find), missed, groups),
        h("div", { class: "sim-side" },
          h("div", { class: "sim-answer" }, lead, short, cards),
          h("div", { class: "sim-more" }, taken,
            h("details", { class: "more" }, h("summary", {}, say.why), why),
            h("details", { class: "more" }, h("summary", {}, say.terms), byTerms),
            sides.map(({ details }) => details),
            h("details", { class: "more", open: true, ontoggle: () => work() }, h("summary", {}, say.map),
              h("p", { class: "choice" }, [0, 1].map((k) => h("span", { class: "held" }, h("label", { for: axes[k].id }, k ? say.upwards : say.across), axes[k])), forgetAxes),
              mapNote, map, h("p", { class: "note" }, say.map_note), legend),
            h("details", { class: "more", open: true }, h("summary", {}, say.compare), compared)))),
      h("p", { class: "note" }, say.command), settings,
    );
    take.offer(taken, { file: `${root.id}-answer`, title: say.taken, called: say.taken, source: sourceOf, rows: () => lossRows(current),
      svg: () => triangle.together({ key: `${root.id}-answer`, title: say.taken, headline: lead.textContent, cards: [...cards.children].map((one) => ({
        drawing: one.querySelector("svg"), texts: [...one.querySelectorAll("figcaption > *")].map(({ textContent }) => textContent) })) }) });
    take.offer(map, { file: `${root.id}-map`, get title() { return say.map; }, source: sourceOf, rows: mapRows, legend: mapLegend });
    take.offer(settings, { file: `${root.id}-settings`, title: say.settings, called: say.settings, source: sourceOf, isDrawn: false, rows: () => [
      [say.name, say.called, say.unit, say.now, say.scenario, say.default],
      ...rows.map(({ parameter: { name, label, unit, place, default: usual }, own }) => [name, label, unit, current.values[place], own(), usual])] });
    root.addEventListener("keydown", (event) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || ["number", "search"].includes(event.target.type)) return;
      const key = event.key.toLowerCase();
      if (key !== "z" && key !== "y") return;
      event.preventDefault();
      if (key === "z" && !event.shiftKey) step(past, future);
      else step(future, past);
    });
    const arrive = () => {
      const [name, text] = location.hash.slice(1).split(/\?(.*)/s);
      if (name !== root.id || text === undefined) return false;
      adopt(text);
      root.scrollIntoView();
      return true;
    };
    window.addEventListener("hashchange", () => { if (arrive()) commit(); });
    root.hidden = false;
    arrive();
    commit.last = textOf(state) + (kept && `&a=${encodeURIComponent(kept)}`);
    show();
  };

  const roots = document.querySelectorAll(".explorer");
  document.querySelectorAll("script.explorer-data").forEach((script, i) => explore(roots[i], JSON.parse(script.textContent), triangle.models[i]));
})();
