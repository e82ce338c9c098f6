/** What goes between a child's phone and a guardian's, and everything that makes the guardian's phone sign nothing. */
import { p256 } from '@noble/curves/nist.js';
import { careApi } from '@zhenmei/care/api.ts';
import type { GuardianAsking } from '@zhenmei/care/core/guardian-asking.ts';
import { deviceOf, random } from '@zhenmei/cli/visit-play.ts';
import {
  answerAsking,
  askGuardian,
  cardFor,
  childOf,
  guardianAnswer,
  isAnswered,
  readAsking,
} from '@zhenmei/client/guardian-link.ts';
import type { Vault } from '@zhenmei/client/vault/vault.ts';
import { held } from '@zhenmei/client/wallet.ts';
import { enter, makeCertificate } from '@zhenmei/identity';
import { pointJwk } from '@zhenmei/identity/core/jwk.ts';
import type { AppError } from '@zhenmei/kernel';
import { readActors } from '@zhenmei/server/demo/actors.ts';
import { vaultApi } from '@zhenmei/vault/api.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newFriend } from './friend.ts';
import { openTestHouse, type TestHouse } from './test-house.ts';

let house: TestHouse;
let child: Vault;
let guardian: Vault;
let asking: Extract<GuardianAsking, { step: 'book' }>;
beforeAll(async () => {
  house = await openTestHouse();
  [child, guardian] = await Promise.all([newFriend(house), newFriend(house)]);
  const { clinics } = await child.io.api.call(careApi.listClinics, { query: {} });
  const clinic = clinics[0]!.id;
  const { services, slots } = await child.io.api.call(careApi.readClinic, { params: { id: clinic } });
  asking = {
    step: 'book',
    child: childOf(child.roots[0]!).number,
    visit: '01980000-0000-7000-8000-00000000000a',
    clinic,
    service: services[0]!.id,
    slot: slots[0]!.id,
  };
});
afterAll(async () => {
  await house?.close();
});

const why = (work: () => unknown): Promise<string> =>
  Promise.resolve()
    .then(work)
    .then(
      () => 'none',
      (error: AppError) => {
        const field = /\((\w+)\)/.exec(error.text?.('en') ?? '')?.[1];
        return [error.code, field].filter(Boolean).join(' ');
      },
    );
const now = () => house.house.deps.clock.now();
const day = (days: number) => new Date(now() + days * 86_400_000).toISOString().slice(0, 10);

/** A certificate for a guardian of this child, as it lies in a wallet. */
async function cardOf(of: string, until: string) {
  const { identity } = house.house.modules;
  const { regulator } = readActors(house.dataDir)!;
  const secret = random(32);
  const jwk = pointJwk(p256.getPublicKey(secret, false));
  const claims = { child: of, relation: 'parent', until };
  const { id } = await enter(identity, regulator.id, { kind: 'guardianOf', claims });
  return held(await makeCertificate(identity, id, jwk), { jwk, sign: deviceOf(secret).sign });
}

describe('the link between two phones', () => {
  it('carries the request there and the answers back, one after the other; the server reads neither', async () => {
    const code = await askGuardian(child.io, asking);
    expect(code).toMatch(/^([0-9A-Z]{4}-){6}[0-9A-Z]{4}$/);
    const found = await readAsking(guardian.io, code.toLowerCase().replaceAll('-', ' '));
    expect(found.asking).toEqual(asking);
    expect(found.about).toEqual({
      book: { visit: asking.visit, service: asking.service, slot: asking.slot },
    });
    expect(BigInt(found.total)).toBeGreaterThan(0n);
    expect(isAnswered(asking, await guardianAnswer(child.io, code))).toBe(false);
    await answerAsking(guardian.io, code, { refused: false, book: 'x~' });
    expect(isAnswered(asking, await guardianAnswer(child.io, code))).toBe(true);
    await answerAsking(guardian.io, code, { refused: true });
    expect(await why(() => guardianAnswer(child.io, code))).toBe('GUARDIAN_REFUSED');
  });

  it('leads nowhere with another code', async () => {
    const code = await askGuardian(child.io, asking);
    const other = `${code[0] === '0' ? '1' : '0'}${code.slice(1)}`;
    expect(await why(() => readAsking(guardian.io, other))).toBe('GUARDIAN_ASKING_UNKNOWN');
    const label = 'A'.repeat(43);
    const leave = (sealed: string) =>
      guardian.io.api.call(vaultApi.handOver, { params: { label }, body: { sealed } });
    expect(await why(() => leave('A'.repeat(90_000)))).not.toBe('none');
  });

  it('shows nothing that differs from what the clinic offers', async () => {
    const ask = async (change: object) => askGuardian(child.io, { ...asking, ...change } as GuardianAsking);
    const none = '01980000-0000-7000-8000-0000000000ff';
    for (const [change, field] of [
      [{ service: none }, 'service'],
      [{ slot: none }, 'slot'],
      [{ more: 1 }, 'form'],
    ] as const)
      expect(await why(async () => readAsking(guardian.io, await ask(change)))).toBe(
        `GUARDIAN_ASKING_OTHER ${field}`,
      );
    const quote = {
      currency: 'CNY' as const,
      items: [{ name: { zh: '一', en: 'one' }, quantity: 1, unitPrice: '100' }],
      excluded: [],
      validUntil: '2027-01-01T00:00:00.000Z',
    };
    const { slot: _, step: __, ...same } = asking;
    const agree: GuardianAsking = {
      ...same,
      step: 'agree',
      quote,
      quoteSalt: `0x${'1'.repeat(64)}`,
      terms: { quote: `0x${'2'.repeat(64)}`, milestones: [] },
      template: { id: 'any', version: '1' },
      language: 'en',
    };
    const code = await askGuardian(child.io, agree);
    expect(await why(() => readAsking(guardian.io, code))).toBe('GUARDIAN_ASKING_OTHER quote');
  });
});

describe('the certificate for a child', () => {
  it('is the one that names it and lasts longest; another child’s and one that is over are none', async () => {
    const { number } = childOf(child.roots[0]!);
    const [short, long, other, over] = await Promise.all([
      cardOf(number, day(20)),
      cardOf(number, day(400)),
      cardOf('B'.repeat(43), day(400)),
      cardOf(number, day(0)),
    ]);
    expect(cardFor(number, [short, other, long], now())).toMatchObject({
      until: day(400),
      card: { certificate: long.token },
    });
    expect(await why(() => cardFor(number, [other], now()))).toBe('GUARDIAN_CARD_MISSING');
    expect(await why(() => cardFor(number, [over], now()))).toMatch(/^GUARDIAN_ENDED/);
    // the same person on another device is the same child, and another person is another
    expect(childOf(child.roots[0]!).number).toBe(number);
    expect(childOf(guardian.roots[0]!).number).not.toBe(number);
  });
});
