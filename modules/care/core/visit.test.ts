import { describe, expect, it } from 'vitest';
import { ONLY_PART, type PresentPart } from './course.ts';
import {
  FINAL_STATES,
  GATED,
  TRANSITIONS,
  transitionFrom,
  transitionOn,
  transitionsOf,
  VISIT_STATES,
  type VisitState,
} from './visit.ts';

const leaving = (state: VisitState) => TRANSITIONS.filter((t) => t.from.includes(state));

const PARTS: readonly PresentPart[] = [true, false].flatMap((paid) => [
  { ...ONLY_PART, paid },
  { kind: 'deposit', n: 0, last: false, several: true, paid },
  { kind: 'session', n: 1, last: false, several: true, paid },
  { kind: 'session', n: 2, last: true, several: true, paid },
  { kind: 'follow-up', n: 0, last: true, several: true, paid },
]);

describe('the transition table', () => {
  it('reaches every state from quoted', () => {
    const seen = new Set<VisitState>(['quoted']);
    for (const state of seen) for (const t of leaving(state)) seen.add(t.to);
    expect([...seen].sort()).toEqual([...VISIT_STATES].sort());
  });

  it('has a way to an end from every state', () => {
    for (const start of VISIT_STATES) {
      const seen = new Set<VisitState>([start]);
      for (const state of seen) for (const t of leaving(state)) seen.add(t.to);
      expect(
        FINAL_STATES.some((f) => seen.has(f)),
        start,
      ).toBe(true);
    }
  });

  it('leaves no final state, and never has two rows for one step in one state', () => {
    for (const state of FINAL_STATES) expect(leaving(state)).toEqual([]);
    for (const state of VISIT_STATES) {
      for (const part of PARTS) {
        const rows = transitionsOf(state, part);
        expect(new Set(rows.map((t) => t.type)).size).toBe(rows.length);
        // what happens on chain leads to one place
        const events = rows.flatMap(({ trigger }) => ('event' in trigger ? [trigger.event] : []));
        expect(new Set(events).size, `${state} ${JSON.stringify(part)}`).toBe(events.length);
      }
    }
  });

  it('needs both sides, in each other’s presence, to check in, unseal and perform', () => {
    for (const type of ['check-in', 'unseal', 'perform'] as const) {
      const t = TRANSITIONS.find((row) => row.type === type)!;
      expect(t.trigger).toMatchObject({ sides: ['clinic', 'patient'], presence: true });
    }
  });

  it('lets the gate stop a treatment until both have signed the unsealing, and leaves the visit where it is', () => {
    for (const type of ['report-gate', 'override'] as const) {
      const rows = TRANSITIONS.filter((t) => t.type === type);
      expect(rows.map(({ from }) => from)).toEqual(GATED.map((state) => [state]));
      for (const { from, to } of rows) expect(from).toEqual([to]);
      expect(transitionFrom('unsealed', type)).toBeUndefined();
    }
    for (const type of ['make-ready', 'check-in', 'unseal'] as const)
      expect(TRANSITIONS.find((t) => t.type === type)!.requires).toContain('health-gate');
  });

  it('says what happens in silence wherever somebody must act', () => {
    for (const t of TRANSITIONS)
      if (!['cancel', 'cancel-held', 'refuse', 'settle', 'expire', 'end-early'].includes(t.type)) {
        expect(t.silence.zh).not.toBe('');
        expect(t.silence.en).not.toBe('');
      }
  });

  it('goes back to the next part after each that is not the last, and only then', () => {
    const [first, last] = [PARTS[2]!, PARTS[3]!];
    expect(transitionOn('claimed', 'MilestoneReleased', first)?.to).toBe('held');
    expect(transitionOn('claimed', 'MilestoneReleased', last)?.to).toBe('released');
    expect(transitionOn('claimed', 'MilestoneReleased')?.to).toBe('released');
    expect(transitionOn('disputed', 'MilestoneRuled', first)?.to).toBe('held');
    expect(transitionOn('disputed', 'MilestoneRuled', last)).toBeUndefined();
  });

  it('claims without a treatment in the deposit alone, and opens nothing at a follow-up', () => {
    const [only, deposit, session, , followUp] = PARTS as [PresentPart, ...PresentPart[]];
    expect(transitionOn('held', 'MilestoneClaimed', deposit)?.to).toBe('claimed');
    for (const part of [only, session!, followUp!])
      expect(transitionOn('held', 'MilestoneClaimed', part)).toBeUndefined();
    expect(transitionFrom('checked-in', 'unseal', session)?.to).toBe('unsealed');
    expect(transitionFrom('checked-in', 'unseal', followUp)).toBeUndefined();
    expect(transitionFrom('checked-in', 'follow-up', followUp)?.to).toBe('performed');
    expect(transitionFrom('checked-in', 'follow-up', session)).toBeUndefined();
    expect(transitionFrom('held', 'pick-time')).toBeUndefined();
    expect(transitionFrom('held', 'pick-time', session)?.to).toBe('held');
  });

  it('ends early with a receipt where something was paid, and as cancelled where nothing was', () => {
    const [unpaid, paid] = [
      { ...PARTS[2]!, paid: false },
      { ...PARTS[2]!, paid: true },
    ];
    for (const state of ['held', 'ready', 'checked-in', 'unsealed', 'performed', 'claimed'] as const) {
      expect(transitionOn(state, 'AgreementClosed', unpaid)?.to).toBe('cancelled');
      expect(transitionOn(state, 'AgreementClosed', paid)?.to).toBe('released');
    }
  });

  it('refuses a step out of order', () => {
    expect(transitionFrom('quoted', 'agree')).toBeUndefined();
    expect(transitionFrom('held', 'check-in')).toBeUndefined();
    expect(transitionFrom('closed', 'offer')).toBeUndefined();
    expect(transitionOn('agreed', 'MilestoneReleased')).toBeUndefined();
    expect(transitionOn('agreed', 'AgreementOpened')?.to).toBe('held');
  });
});
