"use strict";
// Orders of moves: backward induction over stages of players, as triangle/solvers/sequential defines it. Outcomes come as
// masks over profiles: sure ones; what some play in a gap (a stage without a pure equilibrium) makes one; and what may be
// played with some probability in a gap.

// All orders of some players: every way of splitting them into stages that move one after the other.
triangle.ordersOf = (players) => {
  if (!players.length) return [[]];
  const firsts = Array.from({ length: 2 ** players.length - 1 }, (_, bits) => players.filter((_p, k) => (bits + 1) >> k & 1));
  return firsts.flatMap((first) => triangle.ordersOf(players.filter((player) => !first.includes(player))).map((rest) => [first, ...rest]));
};

// Of each profile the first one of its group, the profiles that differ from it in the actions of some players only.
triangle.firsts = (game, players) => {
  const [kept, key] = [game.firsts ??= new Map(), [...players].sort().join()];
  if (!kept.has(key)) kept.set(key, game.profiles.map((profile, index) => players.reduce((first, player) => first - profile[player] * game.strides[player], index)));
  return kept.get(key);
};

triangle.inOrder = (game, payoffs, hold, stages) => {
  const held = Object.keys(hold).map(Number);
  const all = game.profiles.map((_, index) => index).filter((index) => game.reachable(index, hold));
  const most = payoffs.map((own) => game.rounding(own, hold));
  const over = (value, keys, where, better, start) => {
    const found = new Float64Array(game.size).fill(start);
    for (const index of all) if (!where || where[index]) found[keys[index]] = better(found[keys[index]], value(index));
    return found;
  };
  const mask = (test) => { const made = new Uint8Array(game.size); for (const index of all) made[index] = test(index) ? 1 : 0; return made; };
  let [sure, maybe, gap, later] = [mask(() => true), mask(() => true), mask(() => false), []];
  for (const movers of [...held.map((player) => [player]), ...stages].reverse()) {
    const reached = mask((index) => maybe[index] || gap[index]);
    const after = triangle.firsts(game, later);
    let [firm, loose, entered] = [sure, maybe, gap];
    for (const player of movers) {
      const own = (index) => payoffs[player][index];
      const low = over(own, after, reached, Math.min, Infinity);
      const best = over(own, after, reached, Math.max, -Infinity);
      const worst = over(own, after, sure, Math.min, Infinity);
      const isProven = over(() => 1, after, sure, Math.max, 0);
      const inGap = over(own, after, gap, Math.max, -Infinity);
      const others = triangle.firsts(game, [...later, player]);
      const atLeast = over((index) => (isProven[after[index]] ? worst : best)[after[index]], others, null, Math.max, -Infinity);
      const atBest = over((index) => low[after[index]], others, null, Math.max, -Infinity);
      const [held0, loose0, entered0] = [firm, loose, entered];
      firm = mask((index) => held0[index] && own(index) >= atLeast[others[index]] - most[player]);
      loose = mask((index) => loose0[index] && own(index) >= atBest[others[index]] - most[player]);
      entered = mask((index) => entered0[index] && inGap[after[index]] >= atBest[others[index]] - most[player]);
    }
    later = [...later, ...movers];
    if (movers.length > 1) {
      const whole = triangle.firsts(game, later);
      const isProven = over(() => 1, whole, firm, Math.max, 0);
      const kept = entered;
      entered = mask((index) => (isProven[whole[index]] ? kept : reached)[index]);
    }
    [sure, maybe, gap] = [firm, loose, entered];
  }
  const listed = (one) => all.filter((index) => one[index]);
  return { sure: listed(sure), maybe: listed(maybe), gap: listed(gap), isOpen: all.some((index) => gap[index] || (maybe[index] && !sure[index])) };
};
