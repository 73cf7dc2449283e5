"use strict";
// Games in normal form: pure equilibria by regret and agreements of two, as triangle/games and triangle/solvers define them.
// payoffs[player] holds the payoff at every profile, in C order of the actions; any number of players and actions.
const triangle = { models: [] };

const largest = (own) => {
  let most = 0;
  for (let index = 0; index < own.length; index += 1) most = Math.max(most, Math.abs(own[index]));
  return most;
};

triangle.Game = class {
  constructor(shape) {
    this.shape = shape;
    this.size = shape.reduce((product, actions) => product * actions, 1);
    this.strides = shape.map((_, i) => shape.slice(i + 1).reduce((product, actions) => product * actions, 1));
    this.profiles = Array.from({ length: this.size }, (_, index) => this.strides.map((stride, i) => Math.floor(index / stride) % shape[i]));
    // For each player the profiles at which it begins to choose, the others' actions given.
    this.starts = shape.map((_, i) => this.profiles.flatMap((profile, index) => (profile[i] === 0 ? [index] : [])));
    this.lost = shape.map(() => new Float64Array(this.size));
  }

  moved(index, player, action) {
    return index + (action - this.profiles[index][player]) * this.strides[player];
  }

  // What each player loses by its best deviation from each profile; infinite for one with a single action.
  losses(payoffs) {
    this.shape.forEach((actions, player) => {
      const [own, lost, stride] = [payoffs[player], this.lost[player], this.strides[player]];
      for (const start of this.starts[player]) {
        let [best, second, place] = [-Infinity, -Infinity, 0];
        for (let action = 0, at = start; action < actions; action += 1, at += stride) {
          if (own[at] > best) [second, best, place] = [best, own[at], action];
          else if (own[at] > second) second = own[at];
        }
        for (let action = 0, at = start; action < actions; action += 1, at += stride) {
          lost[at] = own[at] - (action === place ? second : best);
        }
      }
    });
    return this.lost;
  }

  // Whether a profile keeps the held players, hold[player] = action, at theirs.
  reachable(index, hold) {
    for (const player in hold) if (this.profiles[index][player] !== hold[player]) return false;
    return true;
  }

  // Difference of a player's payoffs that rounding alone can make: 2^-43 of the upper median of those that are not zero.
  rounding(own, hold) {
    const sizes = [];
    for (let index = 0; index < this.size; index += 1) if (this.reachable(index, hold)) sizes.push(Math.abs(own[index]));
    sizes.sort((a, b) => a - b);
    const zeros = sizes.filter((size) => size === 0).length;
    return 2 ** -43 * sizes[Math.min(zeros + Math.floor((sizes.length - zeros) / 2), sizes.length - 1)];
  }

  // Indices of the pure equilibria of the free players.
  equilibria(payoffs, hold) {
    const lost = this.losses(payoffs);
    const atMost = this.shape.map((_, player) => (player in hold ? Infinity : -1)); // of the rounding; -1 until asked for
    const found = [];
    search: for (let index = 0; index < this.size; index += 1) {
      for (let player = 0; player < lost.length; player += 1) {
        const loss = lost[player][index];
        if (loss >= 0 || atMost[player] === Infinity) continue;
        if (atMost[player] < 0) atMost[player] = 2 ** -43 * largest(payoffs[player]);
        if (loss < -atMost[player] || loss < -this.rounding(payoffs[player], hold)) continue search;
      }
      if (this.reachable(index, hold)) found.push(index); // last, since few come so far
    }
    return found;
  }

  // The loss of each free player, infinite for a held one; of the last game whose losses were asked for.
  standing(index, hold) {
    return this.lost.map((lost, player) => (player in hold ? Infinity : lost[index]));
  }

  // A player's best other action at a profile.
  deviation(payoffs, index, player) {
    let best = -1;
    for (let action = 0; action < this.shape[player]; action += 1) {
      if (action === this.profiles[index][player]) continue;
      if (best < 0 || payoffs[player][this.moved(index, player, action)] > payoffs[player][this.moved(index, player, best)]) best = action;
    }
    return best;
  }

  // Joint changes of two free players that both gain by and both would keep, those that need least trust first.
  agreements(payoffs, index, hold) {
    const here = this.profiles[index];
    const held = Object.fromEntries(Object.keys(hold).map((player) => [player, here[player]]));
    const most = payoffs.map((own) => this.rounding(own, held));
    const free = this.shape.flatMap((actions, player) => (player in held || actions < 2 ? [] : [player]));
    const needed = (alone, together, least) => {
      const [risk, reward] = [Math.max(0, -alone), Math.max(0, together)];
      return risk > least / 4 ? risk / (risk + reward) : 0;
    };
    const found = [];
    for (const i of free) for (const j of free) {
      if (i >= j) continue;
      const at = (b, c) => this.moved(this.moved(index, i, b), j, c);
      const [mine, yours] = [payoffs[i], payoffs[j]];
      for (let b = 0; b < this.shape[i]; b += 1) for (let c = 0; c < this.shape[j]; c += 1) {
        if (b === here[i] || c === here[j]) continue;
        const to = at(b, c);
        const gains = [mine[to] - mine[index], yours[to] - yours[index]];
        if (!(gains[0] > most[i] && gains[1] > most[j])) continue;
        const stays = Array.from({ length: this.shape[i] }, (_, other) => mine[at(other, c)]);
        const keeps = Array.from({ length: this.shape[j] }, (_, other) => yours[at(b, other)]);
        if (!(mine[to] >= Math.max(...stays) - most[i] && yours[to] >= Math.max(...keeps) - most[j])) continue;
        const trusts = [
          needed((mine[at(b, here[j])] - mine[index]) / 4, (mine[to] - mine[at(here[i], c)]) / 4, most[i]),
          needed((yours[at(here[i], c)] - yours[index]) / 4, (yours[to] - yours[at(b, here[j])]) / 4, most[j]),
        ];
        found.push({ players: [i, j], to, gains, trusts, trust: Math.max(...trusts) });
      }
    }
    return found.sort((a, b) => a.trust - b.trust || a.to - b.to);
  }
};

// The payoffs of a model, term by term and summed; what program.payoffs writes was generated from the terms.
triangle.Model = class {
  constructor(program, game, terms) {
    Object.assign(this, { program, game, terms });
    this.byPart = new Float64Array(program.parts.length * game.size);
    this.payoffs = game.shape.map(() => new Float64Array(game.size));
    [this.numbers, this.found] = [[], new Float64Array(1)];
  }

  // Parameter values once some are set: what follows moves, what is anchored keeps to what others were before.
  values(world, set) {
    const values = new Float64Array(world.values);
    for (const place in set) values[place] = set[place];
    for (const { place, formula, reads, anchored } of world.following) {
      if (place in set) continue;
      for (let k = 0; k < reads.length; k += 1) {
        const read = reads[k];
        this.numbers[k] = typeof read === "object" ? read[0] : anchored && read in set ? world.values[read] : values[read];
      }
      this.program.formulas[formula](this.numbers, this.found);
      values[place] = this.found[0];
    }
    return values;
  }

  // Payoffs [player][profile] at these values, written over those of the last call.
  solve(values) {
    this.program.payoffs(values, this.byPart);
    for (const own of this.payoffs) own.fill(0);
    const { parts } = this.program;
    for (let part = 0, at = 0; part < parts.length; part += 1) {
      const own = this.payoffs[parts[part][1]];
      for (let index = 0; index < own.length; index += 1, at += 1) own[index] += this.byPart[at];
    }
    return this.payoffs;
  }

  // A player's payoff of each term at a profile, of the last values.
  termsAt(player, index) {
    const found = this.terms.map(() => 0);
    this.program.parts.forEach(([term, touched], part) => {
      if (touched === player) found[term] += this.byPart[part * this.game.size + index];
    });
    return found;
  }

  get isFinite() {
    let sum = 0; // of nothing, or of what is no number
    for (const own of this.payoffs) for (let index = 0; index < own.length; index += 1) sum += 0 * own[index];
    return sum === 0;
  }
};
