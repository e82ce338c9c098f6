/** The emergency card over a real PostgreSQL: opened by a licensed doctor only, logged and told first, and reviewed. */
import { DAY, fromBase64Url, newId, toBase64Url } from '@zhenmei/kernel';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BEGINNING, checkEntries } from '../core/access/audit.ts';
import { accessLogKey } from '../core/access/entry.ts';
import {
  cardCode,
  type EmergencyReason,
  type EmergencySheet,
  emergencyNonce,
  openSheet,
  proofHash,
  readCard,
  sealSheet,
} from '../core/emergency/card.ts';
import { CARD_A_DAY, CARD_DAYS, CARD_IN_ALL, DOCTOR_A_DAY } from '../core/emergency/limits.ts';
import { gatekeeperPart } from '../core/grants/release.ts';
import { codeOf, idOf, openRig, type Rig, random } from './rig.property.ts';

let rig: Rig;
/** What was committed each time the gatekeeper was asked for a part. */
const seen: { entries: number; cases: number; notices: number }[] = [];
let fail = false;
beforeAll(async () => {
  rig = await openRig({
    gatekeeper: {
      async part(share, object, version) {
        const { rows } = await sql<{ entries: number; cases: number; notices: number }>`
          SELECT (SELECT count(*)::int FROM vault.access) AS entries,
            (SELECT count(*)::int FROM vault.emergency_case) AS cases,
            (SELECT count(*)::int FROM vault.notice WHERE kind = 'emergency-opened') AS notices`.execute(
          rig.database.db,
        );
        seen.push(rows[0]!);
        if (fail) throw new Error('the gatekeeper died');
        return gatekeeperPart(share, object, version);
      },
    },
  });
});
afterAll(async () => {
  await rig?.close();
});

const sheet = (text: string): EmergencySheet => ({
  version: 1,
  updatedAt: '2026-11-24T00:00:00.000Z',
  facts: null,
  allergies: {
    answered: true,
    facts: [
      {
        substance: 'lidocaine',
        text,
        verification: 'unconfirmed',
        criticality: 'high',
        recordedOn: '2026-05-03',
      },
    ],
  },
});

async function switchOn(who: string, guardians = false) {
  await rig.as('openAccessLog', who, { body: { key: toBase64Url(accessLogKey(random(32))) } }).catch(() => 0);
  const code = cardCode(random);
  const card = readCard(code);
  const share = random(32);
  const body = {
    name: card.name,
    proofHash: toBase64Url(proofHash(card.proof)),
    share: toBase64Url(share),
    sheet: await sealSheet(card, share, 1, sheet('one'), random),
    guardians,
  };
  await rig.as('switchOnEmergencyCard', who, { body });
  return { code, card, share, body };
}
type Card = Awaited<ReturnType<typeof switchOn>>;

function ask(
  { card }: Pick<Card, 'card'>,
  change: {
    doctor?: string;
    reason?: EmergencyReason;
    request?: string;
    presentation?: string;
  } & object = {},
) {
  const { doctor = 'doctor', reason = 'unconscious', request = newId(rig.clock.at, random(10)) } = change;
  const presentation = change.presentation ?? `dr ${doctor} ${emergencyNonce(request, card.name, reason)}`;
  return { request, card: card.name, proof: card.proof, reason, presentation };
}
const open = (card: Pick<Card, 'card'>, change: Parameters<typeof ask>[1] = {}, desk = 'desk:clinic') =>
  rig.as('openEmergencyCard', desk, { body: ask(card, change) });
const notices = async (who: string) => (await rig.as('readNotices', who)).notices.map(({ kind }) => kind);

describe('an emergency card', () => {
  it('opens allergies and facts for a doctor with a valid licence, logged and told before the key leaves', async () => {
    const made = await switchOn('ann');
    const { part, of, sheet: sealed } = await open(made);
    expect(await openSheet(made.card, fromBase64Url(part), of, sealed)).toEqual(sheet('one'));
    expect(seen.at(-1)).toEqual({ entries: 1, cases: 1, notices: 1 });
    const { entries } = await rig.as('readAccess', 'ann');
    expect(checkEntries(BEGINNING, entries).entries[0]!.entry).toMatchObject({
      kind: 'emergency',
      purpose: 'ETREAT',
      reason: 'unconscious',
      person: idOf('doctor'),
      organisation: idOf('clinic'),
      object: null,
    });
    expect(await notices('ann')).toEqual(['emergency-on', 'emergency-opened']);
  });

  it('leaves entry, case and notice behind, and no key, if the gatekeeper dies in between', async () => {
    const made = await switchOn('bo');
    fail = true;
    await expect(open(made)).rejects.toThrow('died');
    fail = false;
    expect((await rig.as('emergencyCases', 'bo')).cases).toHaveLength(1);
    expect((await rig.as('readAccess', 'bo')).entries).toHaveLength(1);
    expect(await notices('bo')).toContain('emergency-opened');
  });

  it('opens nothing with one half, another card’s, another number’s, or a changed byte', async () => {
    const made = await switchOn('cy');
    const other = readCard(cardCode(random));
    const { part, of, sheet: sealed } = await open(made);
    const tried = [
      () => openSheet({ ...made.card, half: random(32) }, fromBase64Url(part), of, sealed),
      () => openSheet(other, fromBase64Url(part), of, sealed),
      () => openSheet(made.card, random(32), of, sealed),
      () => openSheet(made.card, gatekeeperPart(made.share, made.card.name, 2), of, sealed),
      () => openSheet(made.card, fromBase64Url(part), of + 1, sealed),
      () => openSheet(made.card, fromBase64Url(part), of, `${sealed.slice(0, -4)}AAAA`),
      () => openSheet({ ...made.card, half: made.share }, made.share, of, sealed),
    ];
    for (const work of tried) expect(await codeOf(work())).toBe('VAULT_DAMAGED');
  });

  it('is paused at once with nothing left to open, told, and goes on with a new sheet', async () => {
    const made = await switchOn('pa');
    const own = async () => (await rig.as('readEmergencyCard', 'pa')).card;
    expect(await own()).toMatchObject({ paused: false, of: 1 });
    await rig.as('pauseEmergencyCard', 'pa');
    await rig.as('pauseEmergencyCard', 'pa');
    const before = (await rig.as('readAccess', 'pa')).entries.length;
    expect(await codeOf(open(made))).toBe('EMERGENCY_CARD_PAUSED');
    expect((await rig.as('readAccess', 'pa')).entries).toHaveLength(before);
    const { rows } = await sql<{ sheet: string | null }>`
      SELECT sheet FROM vault.emergency_card WHERE name = ${made.card.name}`.execute(rig.database.db);
    expect(rows).toEqual([{ sheet: null }]);
    expect(await own()).toMatchObject({ paused: true, name: made.card.name });
    expect(await notices('pa')).toEqual(['emergency-on', 'emergency-paused']);

    const next = await sealSheet(made.card, made.share, 2, sheet('two'), random);
    await rig.as('renewEmergencySheet', 'pa', { body: { name: made.card.name, of: 2, sheet: next } });
    const { part, of, sheet: sealed } = await open(made);
    expect(await openSheet(made.card, fromBase64Url(part), of, sealed)).toEqual(sheet('two'));
    expect(await notices('pa')).toEqual([
      'emergency-on',
      'emergency-paused',
      'emergency-on',
      'emergency-opened',
    ]);
    // somebody else's card is not touched, and one that is off stays off
    await rig.as('switchOffEmergencyCard', 'pa');
    await rig.as('pauseEmergencyCard', 'pa');
    expect(await codeOf(open(made))).toBe('EMERGENCY_CARD_ENDED');
    await rig.as('pauseEmergencyCard', 'di');
  });

  it('is refused to whoever shows no valid licence of this place for this very opening', async () => {
    const made = await switchOn('di');
    const before = (await rig.as('readAccess', 'di')).entries.length;
    const asked = ask(made);
    const refused = async (body: object, desk = 'desk:clinic') =>
      codeOf(rig.as('openEmergencyCard', desk, { body }));
    expect(await refused({ ...asked, presentation: 'dr doctor another-nonce' })).toBe('EMERGENCY_LICENCE');
    expect(await refused({ ...asked, presentation: asked.presentation.replace('dr ', 'nurse ') })).toBe(
      'EMERGENCY_LICENCE',
    );
    expect(await refused({ ...asked, reason: 'acute-reaction' })).toBe('EMERGENCY_LICENCE');
    expect(await refused(ask(made, { doctor: 'stranger' }))).toBe('EMERGENCY_LICENCE');
    expect(await refused(asked, 'desk:elsewhere')).toBe('EMERGENCY_LICENCE');
    expect(await refused({ ...asked, proof: toBase64Url(random(32)) })).toBe('EMERGENCY_CARD_UNKNOWN');
    expect(await refused(ask({ card: readCard(cardCode(random)) }))).toBe('EMERGENCY_CARD_UNKNOWN');
    expect(await codeOf(open(made, { reason: 'visit' as never }))).not.toBe('none');
    expect((await rig.as('readAccess', 'di')).entries).toHaveLength(before);
    expect((await rig.as('emergencyCases', 'di')).cases).toEqual([]);
  });

  it('is dead at once when it is switched off, replaced or too old, and nothing of it stays to be opened', async () => {
    const first = await switchOn('ed');
    const second = await switchOn('ed');
    expect(await codeOf(open(first))).toBe('EMERGENCY_CARD_ENDED');
    expect(await codeOf(open(second))).toBe('none');
    await rig.as('switchOffEmergencyCard', 'ed');
    expect(await codeOf(open(second))).toBe('EMERGENCY_CARD_ENDED');
    expect((await rig.as('readEmergencyCard', 'ed')).card).toBeNull();
    const { rows } = await sql<{ share: unknown; sheet: unknown }>`
      SELECT share, sheet FROM vault.emergency_card WHERE patient_id = ${idOf('ed')}`.execute(
      rig.database.db,
    );
    expect(rows).toEqual([
      { share: null, sheet: null },
      { share: null, sheet: null },
    ]);
    expect(await codeOf(rig.as('switchOnEmergencyCard', 'ed', { body: first.body }))).toBe(
      'EMERGENCY_CARD_CHANGED',
    );
    const third = await switchOn('ed');
    rig.clock.at += CARD_DAYS * DAY;
    expect(await codeOf(open(third))).toBe('EMERGENCY_CARD_ENDED');
    rig.clock.at -= CARD_DAYS * DAY;
  });

  it('shows what the vault holds now; a device that is behind does not put back what was', async () => {
    const made = await switchOn('fay');
    const renew = async (of: number, text: string) =>
      rig.as('renewEmergencySheet', 'fay', {
        body: {
          name: made.card.name,
          of,
          sheet: await sealSheet(made.card, made.share, of, sheet(text), random),
        },
      });
    await renew(2, 'two');
    expect(await codeOf(renew(2, 'late'))).toBe('EMERGENCY_CARD_CHANGED');
    expect(await codeOf(renew(4, 'early'))).toBe('EMERGENCY_CARD_CHANGED');
    const { part, of, sheet: sealed } = await open(made, { doctor: 'second' });
    expect(await openSheet(made.card, fromBase64Url(part), of, sealed)).toEqual(sheet('two'));
    const foreign = { body: { name: made.card.name, of: 3, sheet: made.body.sheet } };
    expect(await codeOf(rig.as('renewEmergencySheet', 'ann', foreign))).toBe('EMERGENCY_CARD_UNKNOWN');
  });

  it('tells guardians that it happened, if the person wants it, and nothing more', async () => {
    await sql`INSERT INTO vault.guardian VALUES ('g-1', ${idOf('joy')}, 'k')`.execute(rig.database.db);
    await sql`INSERT INTO vault.guardianship VALUES ('r-1', ${idOf('kim')}, 2, 72, 's', now())`.execute(
      rig.database.db,
    );
    await sql`INSERT INTO vault.guardian_share VALUES ('r-1', 'g-1', 's')`.execute(rig.database.db);
    await open(await switchOn('kim'), { doctor: 'second' });
    expect(await notices('joy')).toEqual([]);
    await open(await switchOn('kim', true), { doctor: 'second' });
    const { notices: told } = await rig.as('readNotices', 'joy');
    expect(told.map(({ kind, facts }) => [kind, facts])).toEqual([['ward-emergency', {}]]);
  });

  it('cannot be on before the vault has an access log, and a typing error is no other card', async () => {
    const card = readCard(cardCode(random));
    const body = {
      name: card.name,
      proofHash: toBase64Url(proofHash(card.proof)),
      share: toBase64Url(random(32)),
      sheet: 'AAAA',
      guardians: false,
    };
    expect(await codeOf(rig.as('switchOnEmergencyCard', 'nolog', { body }))).toBe('ACCESS_LOG_CLOSED');
    const code = cardCode(random);
    expect(readCard(` https://x.example/emergency#${code.toLowerCase()}`)).toEqual(readCard(code));
    const wrong = code.replace(/.$/, (end) => (end === '0' ? '1' : '0'));
    for (const typed of [wrong, code.slice(1), '', '过敏'])
      expect(await codeOf((async () => readCard(typed))())).toBe('EMERGENCY_CODE_WRONG');
  });
});

describe('its limits', () => {
  it('hold for a card a day and in all, asking again after a lost answer not counted', async () => {
    rig.clock.at += 2 * DAY;
    const made = await switchOn('gus');
    const asked = ask(made);
    for (let i = 0; i < 5; i++) await rig.as('openEmergencyCard', 'desk:clinic', { body: asked });
    expect((await rig.as('emergencyCases', 'gus')).cases).toHaveLength(1);
    expect(
      await codeOf(
        rig.as('openEmergencyCard', 'desk:clinic', {
          body: { ...asked, ...ask(made, { request: asked.request, doctor: 'second' }) },
        }),
      ),
    ).toBe('EMERGENCY_CARD_UNKNOWN');
    for (let i = 1; i < CARD_A_DAY; i++) await open(made);
    expect(await codeOf(open(made, { doctor: 'second' }))).toBe('EMERGENCY_CARD_LIMIT');
    for (let day = 1; day * CARD_A_DAY < CARD_IN_ALL; day++) {
      rig.clock.at += DAY + 1;
      for (let i = 0; i < CARD_A_DAY; i++) await open(made);
    }
    rig.clock.at += DAY + 1;
    expect((await rig.as('readEmergencyCard', 'gus')).card).toMatchObject({ left: 0 });
    expect(await codeOf(open(made))).toBe('EMERGENCY_CARD_SPENT');
  });

  it('hold for a doctor, also when many cards are opened at once', async () => {
    rig.clock.at += 2 * DAY;
    const cards = [];
    for (let i = 0; i < DOCTOR_A_DAY + 4; i++) cards.push(await switchOn(`p${i}`));
    const codes = await Promise.all(cards.map((card) => codeOf(open(card))));
    expect(codes.filter((code) => code === 'none')).toHaveLength(DOCTOR_A_DAY);
    expect(codes.filter((code) => code === 'EMERGENCY_DOCTOR_LIMIT')).toHaveLength(4);
    expect(await codeOf(open(cards[0]!, { doctor: 'second' }))).toBe('none');
  });
});

describe('the review', () => {
  const caseOf = async (who: string) => (await rig.as('emergencyCases', who)).cases[0]!;
  const say = (who: string, id: string, said: string) =>
    rig.as('sayOfEmergencyCase', who, { params: { id }, body: { said } });
  const answer = (id: string, finding: string, desk = 'desk:office') =>
    rig.as('answerMisuse', desk, { params: { id }, body: { finding } });

  it('is the patient’s word; misuse reaches the regulator of the place, with neither patient nor medicine', async () => {
    rig.clock.at += 2 * DAY;
    await open(await switchOn('hal'));
    const { id, state } = await caseOf('hal');
    expect(state).toBe('open');
    expect((await rig.as('misuseCases', 'desk:office')).cases).toEqual([]);
    await say('hal', id, 'right');
    await say('hal', id, 'misuse');
    await say('hal', id, 'misuse');
    const { cases } = await rig.as('misuseCases', 'desk:office');
    expect(cases).toHaveLength(1);
    expect(Object.keys(cases[0]!).sort()).toEqual(['at', 'id', 'lately', 'organisation', 'person']);
    expect(cases[0]).toMatchObject({ person: idOf('doctor'), organisation: { id: idOf('clinic') } });
    expect((await rig.as('misuseCases', 'desk:abroad')).cases).toEqual([]);
    expect(await codeOf(answer(id, 'warned', 'desk:abroad'))).toBe('EMERGENCY_CASE_UNKNOWN');
    await answer(id, 'warned');
    await answer(id, 'warned');
    expect((await caseOf('hal')).state).toBe('warned');
    expect((await notices('hal')).filter((kind) => kind === 'emergency-answered')).toHaveLength(1);
    expect(await codeOf(answer(id, 'referred'))).toBe('EMERGENCY_CASE_CLOSED');
    expect(await codeOf(say('hal', id, 'right'))).toBe('EMERGENCY_CASE_CLOSED');
  });

  it('is nobody else’s', async () => {
    await open(await switchOn('ivy'), { doctor: 'second' });
    const { id } = await caseOf('ivy');
    expect(await codeOf(say('hal', id, 'misuse'))).toBe('EMERGENCY_CASE_UNKNOWN');
    expect(await codeOf(rig.as('misuseCases', 'desk:clinic'))).toBe('EMERGENCY_NOT_REGULATOR');
    expect(await codeOf(answer(id, 'warned', 'desk:clinic'))).toBe('EMERGENCY_NOT_REGULATOR');
    // what the patient has not called misuse is not the regulator's
    expect(await codeOf(answer(id, 'warned'))).toBe('EMERGENCY_CASE_CLOSED');
  });
});
