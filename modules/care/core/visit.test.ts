import { describe, expect, it } from 'vitest';
import {
  FINAL_STATES,
  GATED,
  TRANSITIONS,
  transitionFrom,
  transitionOn,
  VISIT_STATES,
  type VisitState,
} from './visit.ts';

const leaving = (state: VisitState) => TRANSITIONS.filter((t) => t.from.includes(state));

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
      const types = leaving(state).map((t) => t.type);
      expect(new Set(types).size).toBe(types.length);
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
      if (!['cancel', 'cancel-held', 'refuse', 'settle', 'expire'].includes(t.type)) {
        expect(t.silence.zh).not.toBe('');
        expect(t.silence.en).not.toBe('');
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
