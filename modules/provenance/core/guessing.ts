/**
 * Against guessing serial numbers. Only answers "unknown serial" count, by the caller's part of the network and by
 * product; whoever asks for what exists never comes near a limit. A refusal is given before anything is looked up, so
 * it says nothing about the number, and it is given for known and unknown numbers alike.
 */
import { MINUTE } from '@zhenmei/kernel';

export interface GuessRules {
  /** Milliseconds in which unknown serials are counted. */
  readonly window: number;
  /** Unknown serials that one network may ask for in a window. */
  readonly perNetwork: number;
  /** Unknown serials of one product, from anywhere, at which it counts as under attack. */
  readonly alarm: number;
  /** What one network may ask of a product under attack. */
  readonly underAttack: number;
}

export const GUESS_RULES: GuessRules = { window: 10 * MINUTE, perNetwork: 20, alarm: 200, underAttack: 3 };

/** Times of the unknown serials of one network or product, the oldest first. */
type Times = number[];

/** Kept in memory, for this process; who asked longest ago is forgotten beyond `size`. */
export class GuessWatch {
  private readonly rules: GuessRules;
  private readonly size: number;
  private readonly byNetwork = new Map<string, Times>();
  private readonly byProduct = new Map<string, Times>();
  private readonly byBoth = new Map<string, Times>();

  constructor(rules: GuessRules = GUESS_RULES, size = 20_000) {
    this.rules = rules;
    this.size = size;
  }

  /** @returns whole minutes to wait; 0 if the caller may ask */
  wait(network: string, gtin: string, now: number): number {
    const { perNetwork, alarm, underAttack } = this.rules;
    const attacked = this.recent(this.byProduct, gtin, now).length >= alarm;
    return Math.max(
      this.until(this.recent(this.byNetwork, network, now), perNetwork, now),
      attacked ? this.until(this.recent(this.byBoth, `${network} ${gtin}`, now), underAttack, now) : 0,
    );
  }

  /** A serial that nobody made was asked for. */
  unknown(network: string, gtin: string, now: number): void {
    this.note(this.byNetwork, network, now, this.rules.perNetwork);
    this.note(this.byProduct, gtin, now, this.rules.alarm);
    this.note(this.byBoth, `${network} ${gtin}`, now, this.rules.underAttack);
  }

  private recent(map: Map<string, Times>, key: string, now: number): Times {
    return (map.get(key) ?? []).filter((at) => at > now - this.rules.window);
  }

  private until(times: Times, limit: number, now: number): number {
    const oldest = times[times.length - limit];
    return oldest === undefined ? 0 : Math.max(1, Math.ceil((oldest + this.rules.window - now) / MINUTE));
  }

  private note(map: Map<string, Times>, key: string, now: number, limit: number): void {
    const times = [...this.recent(map, key, now), now].slice(-limit);
    map.delete(key);
    map.set(key, times);
    if (map.size > this.size) map.delete(map.keys().next().value!);
  }
}
