/** The golden evidence (real blocks, written by anvil.test.ts) and everything that must be refused. */
import { AppError, fromHex, type Hex, toHex0x } from '@zhenmei/kernel';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ChainEvidence, parseChainEvidence, verifyChainEvidence } from './chain-evidence.ts';
import fixture from './fixtures/store.json' with { type: 'json' };
import { parseTrustFile, type TrustFile } from './trust-file.ts';

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
  return 'accepted';
}

type Deep<T> = T extends Hex
  ? string
  : T extends readonly (infer E)[]
    ? Deep<E>[]
    : { -readonly [K in keyof T]: Deep<T[K]> };
const trust = parseTrustFile(JSON.stringify(fixture.trust));
const golden = fixture.evidence as unknown as ChainEvidence;
const changed = (change: (copy: Deep<ChainEvidence>) => void) => {
  const copy = structuredClone(golden) as Deep<ChainEvidence>;
  change(copy);
  return copy;
};
const verdict = (evidence: unknown, under: TrustFile = trust) =>
  codeOf(() => verifyChainEvidence(evidence, under));
const flip = (hex: string, at: number) =>
  hex.slice(0, at) + (hex[at] === '0' ? '1' : '0') + hex.slice(at + 1);

test('the golden evidence reads back every slot, written and unwritten', () => {
  const verified = verifyChainEvidence(golden, trust);
  expect(verified.block).toEqual(fixture.expected.block);
  expect(verified.grade).toBe('operator-only');
  let present = 0;
  for (const [address, slots] of fixture.expected.slots as unknown as [Hex, Record<Hex, Hex>][]) {
    for (const [slot, value] of Object.entries(slots))
      expect(verified.read(address, slot as Hex)).toBe(value);
    for (const slot of fixture.unwritten) expect(verified.read(address, slot as Hex)).toBe('absent');
    present += Object.keys(slots).length;
  }
  expect(present).toBeGreaterThan(8);
  expect(codeOf(() => verified.read(golden.accounts[0]!.address, `0x${'ee'.repeat(32)}`))).toBe(
    'EVIDENCE_NOT_COVERED',
  );
});

describe('what is refused, each with its code', () => {
  const { header, accounts, witnesses } = golden;
  const last = accounts.length - 1;
  const cases: [string, unknown][] = [
    ['EVIDENCE_FORMAT', null],
    ['EVIDENCE_FORMAT', []],
    ['EVIDENCE_FORMAT', { header, accounts }],
    ['EVIDENCE_FORMAT', { header, accounts, witnesses, note: 1 }],
    ['EVIDENCE_FORMAT', { ...golden, header: header.toUpperCase() }],
    ['EVIDENCE_FORMAT', { ...golden, header: header.slice(2) }],
    ['EVIDENCE_FORMAT', { ...golden, accounts: {} }],
    ['EVIDENCE_FORMAT', { ...golden, accounts: [...accounts, accounts[0]] }],
    ['EVIDENCE_FORMAT', { ...golden, witnesses: [...witnesses, ...witnesses] }],
    ['EVIDENCE_FORMAT', { ...golden, witnesses: [{ ...witnesses[0], signature: '0x00' }] }],
    [
      'EVIDENCE_FORMAT',
      changed((copy) => {
        copy.accounts[last]!.storage.push(copy.accounts[last]!.storage[0]!);
      }),
    ],
    [
      'EVIDENCE_FORMAT',
      changed((copy) => {
        copy.accounts[last]!.storage[0]!.value = '0x1';
      }),
    ],
    [
      'EVIDENCE_FORMAT',
      changed((copy) => {
        copy.accounts[last]!.proof = Array(67).fill('0x80');
      }),
    ],
    [
      'EVIDENCE_RLP',
      changed((copy) => {
        copy.header += '00';
      }),
    ],
    [
      'EVIDENCE_HEADER',
      changed((copy) => {
        copy.header = '0xc0';
      }),
    ],
    [
      'EVIDENCE_TRIE',
      changed((copy) => {
        copy.accounts[last]!.proof = [];
      }),
    ],
    [
      'EVIDENCE_TRIE',
      changed((copy) => {
        copy.accounts[last]!.proof.push('0x80');
      }),
    ],
    [
      'EVIDENCE_TRIE',
      changed((copy) => {
        copy.accounts[last]!.proof.reverse();
      }),
    ],
    [
      'EVIDENCE_TRIE',
      changed((copy) => {
        copy.accounts[last]!.storage[0]!.proof.pop();
      }),
    ],
    [
      'EVIDENCE_TRIE',
      changed((copy) => {
        copy.accounts[last]!.storage[0]!.proof = copy.accounts[last - 1]!.storage[0]!.proof;
      }),
    ],
    [
      'EVIDENCE_TRIE',
      changed((copy) => {
        copy.accounts[0]!.storage[0]!.proof = ['0x80'];
      }),
    ],
    [
      'EVIDENCE_CONTRACT_UNKNOWN',
      changed((copy) => {
        copy.accounts[last]!.address = `0x${'11'.repeat(20)}`;
      }),
    ],
    [
      'EVIDENCE_VALUE_MISMATCH',
      changed((copy) => {
        copy.accounts[last]!.storage[0]!.value = `0x${'00'.repeat(32)}`;
      }),
    ],
    [
      'EVIDENCE_VALUE_MISMATCH',
      changed((copy) => {
        copy.accounts[0]!.storage[0]!.value = `0x${'01'.repeat(32)}`;
      }),
    ],
  ];
  test.each(cases.map(([code, evidence], i) => [i, code, evidence] as const))(
    'case %i: %s',
    (_, code, evidence) => {
      expect(verdict(evidence)).toBe(code);
    },
  );
  test('another code hash, another chain, a contract the trust file does not name', () => {
    const contracts = Object.fromEntries(
      Object.entries(trust.chain.contracts).map(([name, one]) => [
        name,
        { ...one, codeHash: `0x${'22'.repeat(32)}` as Hex },
      ]),
    );
    expect(verdict(golden, { ...trust, chain: { ...trust.chain, contracts } })).toBe(
      'EVIDENCE_CODE_MISMATCH',
    );
    expect(verdict(golden, { ...trust, chain: { ...trust.chain, contracts: {} } })).toBe(
      'EVIDENCE_CONTRACT_UNKNOWN',
    );
    expect(verdict(golden, { ...trust, chain: { ...trust.chain, id: 1 } })).toBe(
      'EVIDENCE_WITNESS_SIGNATURE',
    );
  });
});

test('every changed hex digit of header, proofs, slots, values, keys and signatures is noticed', () => {
  const refuse = (evidence: unknown, what: string) => expect(verdict(evidence), what).not.toBe('accepted');
  for (let at = 2; at < golden.header.length; at += 7)
    refuse({ ...golden, header: flip(golden.header, at) }, `header ${at}`);
  for (let at = 2; at < 66; at++)
    refuse(
      changed((copy) => {
        copy.witnesses[0]!.key = flip(copy.witnesses[0]!.key, at);
      }),
      `key ${at}`,
    );
  for (let at = 2; at < 130; at++)
    refuse(
      changed((copy) => {
        copy.witnesses[0]!.signature = flip(copy.witnesses[0]!.signature, at);
      }),
      `signature ${at}`,
    );
  golden.accounts.forEach((account, a) => {
    account.proof.forEach((node, n) => {
      for (let at = 2; at < node.length; at += 97)
        refuse(
          changed((copy) => {
            copy.accounts[a]!.proof[n] = flip(node, at);
          }),
          `account ${a} node ${n} ${at}`,
        );
    });
    account.storage.forEach(({ value, slot, proof }, s) => {
      for (let at = 2; at < 66; at += 13) {
        refuse(
          changed((copy) => {
            copy.accounts[a]!.storage[s]!.value = flip(value, at);
          }),
          `value ${a} ${s} ${at}`,
        );
        if (/[1-9a-f]/.test(value.slice(2)))
          refuse(
            changed((copy) => {
              copy.accounts[a]!.storage[s]!.slot = flip(slot, at);
            }),
            `slot ${a} ${s} ${at}`,
          );
      }
      proof.forEach((node, n) => {
        for (let at = 2; at < node.length; at += 61)
          refuse(
            changed((copy) => {
              copy.accounts[a]!.storage[s]!.proof[n] = flip(node, at);
            }),
            `storage ${a} ${s} node ${n} ${at}`,
          );
      });
    });
  });
});

test('whatever a stranger sends, the answer is one of the known codes', () => {
  const hex = fc.uint8Array({ minLength: 1, maxLength: 80 }).map((bytes) => toHex0x(bytes));
  const near = fc.record({
    header: fc.oneof(hex, fc.constant(golden.header)),
    witnesses: fc.constantFrom([], golden.witnesses),
    accounts: fc.array(
      fc.record({
        address: fc.constantFrom(...golden.accounts.map(({ address }) => address)),
        proof: fc.oneof(fc.array(hex, { maxLength: 4 }), fc.constant(golden.accounts[0]!.proof)),
        storage: fc.array(fc.record({ slot: hex, value: hex, proof: fc.array(hex) }), { maxLength: 2 }),
      }),
      { minLength: 1, maxLength: 3 },
    ),
  });
  fc.assert(
    fc.property(fc.oneof(fc.anything(), near), (sent) => {
      expect(verdict(sent)).toMatch(/^(EVIDENCE_|accepted)/);
    }),
    { numRuns: 300 },
  );
});

test('parsing keeps what it was given', () => {
  expect(parseChainEvidence(JSON.parse(JSON.stringify(golden)))).toEqual(golden);
  expect(fromHex(golden.header).length).toBeGreaterThan(500);
});
