/** The golden evidence (real blocks, written by anvil.test.ts) and everything that must be refused. */
import { AppError, fromHex, type Hex, keccak256, sha256, toHex0x, utf8 } from '@zhenmei/kernel';
import { describe, expect, test } from 'vitest';
import { type ChainEvidence, parseChainEvidence, verifyChainEvidence } from './chain-evidence.ts';
import fixture from './fixtures/store.json' with { type: 'json' };
import { encodeRlp } from './rlp.ts';
import { provenAccount, provenSlot } from './state.ts';
import { EMPTY_TRIE, provenValue } from './trie.ts';
import { parseTrustFile, type TrustFile } from './trust-file.ts';
import { gradeWitnesses, headerMessage, signHeader } from './witness.ts';

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

describe('tries built by hand', () => {
  const key = keccak256(utf8('slot'));
  const nibbles = [...key].flatMap((b) => [b >> 4, b & 15]);
  const path = (from: number, leaf: boolean, to = 64) => {
    const part = nibbles.slice(from, to);
    const flag = (leaf ? 2 : 0) + (part.length % 2);
    const all = part.length % 2 ? [flag, ...part] : [flag, 0, ...part];
    return Uint8Array.from({ length: all.length / 2 }, (_, i) => all[2 * i]! * 16 + all[2 * i + 1]!);
  };
  const value = Uint8Array.of(7);
  const leafNode = encodeRlp([path(0, true), value]);
  const under = (node: Uint8Array, ...rest: Uint8Array[]) =>
    codeOf(() => provenValue(keccak256(node), key, [node, ...rest]));

  test('one leaf; the same leaf shows that other keys are absent; an empty trie holds nothing', () => {
    expect(provenValue(keccak256(leafNode), key, [leafNode])).toEqual(value);
    expect(provenValue(keccak256(leafNode), keccak256(key), [leafNode])).toBeNull();
    expect(provenValue(EMPTY_TRIE, key, [])).toBeNull();
    const elsewhere = Uint8Array.from(path(0, false, 10), (b, i) => (i === 1 ? b ^ 0xff : b));
    const extension = encodeRlp([elsewhere, keccak256(utf8('below'))]);
    expect(provenValue(keccak256(extension), key, [extension])).toBeNull();
  });

  test('nodes no trie has', () => {
    const empty = new Uint8Array(0);
    const branch = (child: Uint8Array, at = empty) =>
      encodeRlp([...Array.from({ length: 16 }, (_, i) => (i === nibbles[0] ? child : empty)), at]);
    const wrong = [
      encodeRlp(utf8('text')),
      encodeRlp([value, value, value]),
      encodeRlp([empty, value]),
      encodeRlp([path(0, true), empty]),
      encodeRlp([path(0, true), [value]]),
      encodeRlp([path(1, true), value]),
      encodeRlp([path(0, false), keccak256(value)]),
      encodeRlp([path(0, false, 0), keccak256(value)]),
      encodeRlp([Uint8Array.of(0x40, ...path(0, true)), value]),
      encodeRlp([Uint8Array.of(0x21, ...path(0, true).subarray(1)), value]),
      encodeRlp([path(0, false, 2), [path(2, true), value]]),
      branch(Uint8Array.of(1, 2, 3)),
      branch(empty, value),
    ];
    for (const node of wrong) expect(under(node), toHex0x(node)).toBe('EVIDENCE_TRIE');
    expect(under(leafNode, leafNode)).toBe('EVIDENCE_TRIE');
    expect(codeOf(() => provenValue(EMPTY_TRIE, key, [leafNode]))).toBe('EVIDENCE_TRIE');
    expect(codeOf(() => provenValue(keccak256(leafNode), key, []))).toBe('EVIDENCE_TRIE');
    expect(codeOf(() => provenValue(keccak256(leafNode), key.subarray(1), [leafNode]))).toBe('EVIDENCE_TRIE');
    const inlined = encodeRlp([
      ...Array.from({ length: 16 }, (_, i) => (i === nibbles[0] ? [path(1, true), value] : empty)),
      empty,
    ]);
    expect(under(inlined)).toBe('EVIDENCE_TRIE');
    const short = encodeRlp([Uint8Array.of(0x35), value]);
    const parent = branch(keccak256(short));
    expect(under(parent, short)).toBe('EVIDENCE_TRIE');
  });

  test('accounts and words that are not written canonically', () => {
    const account = (...fields: (Uint8Array | Uint8Array[])[]) => {
      const node = encodeRlp([path(0, true), encodeRlp(fields)]);
      return codeOf(() => provenAccount(keccak256(node), utf8('slot'), [node]));
    };
    const [nonce, balance, root, code] = [Uint8Array.of(1), new Uint8Array(0), EMPTY_TRIE, keccak256(value)];
    expect(account(nonce, balance, root, code)).toBe('accepted');
    for (const bad of [
      [nonce, balance, root],
      [Uint8Array.of(0), balance, root, code],
      [nonce, new Uint8Array(33).fill(1), root, code],
      [nonce, balance, root.subarray(1), code],
      [nonce, balance, root, []],
    ])
      expect(account(...bad)).toBe('EVIDENCE_ACCOUNT');
    for (const word of [
      Uint8Array.of(0x80),
      encodeRlp(Uint8Array.of(0)),
      encodeRlp(Uint8Array.of(0, 1)),
      encodeRlp([]),
      encodeRlp(new Uint8Array(33).fill(1)),
    ]) {
      const node = encodeRlp([path(0, true), word]);
      expect(
        codeOf(() => provenSlot(keccak256(node), utf8('slot'), [node])),
        toHex0x(word),
      ).toBe('EVIDENCE_TRIE');
    }
  });
});

describe('witnesses', () => {
  const seed = (n: number) => sha256(utf8(`witness ${n}`));
  const hash = golden.accounts.length ? (fixture.expected.block.hash as Hex) : '0x';
  const signed = (...who: number[]) => who.map((n) => signHeader(seed(n), 5, hash));
  const policy = (k: number, own: number[]) => ({
    k,
    keys: [0, 1, 2, 3].map((n) => ({ key: signHeader(seed(n), 5, hash).key, operator: own.includes(n) })),
  });

  test('the message is the prefix, the chain id and the hash', () => {
    expect(toHex0x(headerMessage(258, `0x${'ab'.repeat(32)}`))).toBe(
      `${toHex0x(utf8('zhenmei/header/v1\n'))}0000000000000102${'ab'.repeat(32)}`,
    );
    for (const id of [0, -1, 1.5, 2 ** 53])
      expect(codeOf(() => headerMessage(id, hash))).toBe('EVIDENCE_FORMAT');
    expect(codeOf(() => headerMessage(1, '0xab'))).toBe('EVIDENCE_FORMAT');
  });

  test('k of n, the operator never counted as independent', () => {
    const grade = (who: number[], k: number, own: number[]) =>
      gradeWitnesses(signed(...who), 5, hash, policy(k, own));
    expect(grade([0, 1], 2, [])).toBe('independent');
    expect(grade([0, 1, 2], 2, [0])).toBe('independent');
    expect(grade([0, 1], 2, [0])).toBe('operator-only');
    expect(grade([0], 1, [0])).toBe('operator-only');
    expect(grade([0], 2, [])).toBe('none');
    expect(grade([], 1, [0])).toBe('none');
    expect(grade([7, 8], 1, [])).toBe('none');
    expect(grade([0], 0, [])).toBe('none');
  });

  test('a wrong signature is an error whoever it names', () => {
    const [one, stranger] = signed(0, 9);
    const other = signHeader(seed(0), 6, hash);
    expect(codeOf(() => gradeWitnesses([other], 5, hash, policy(1, [])))).toBe('EVIDENCE_WITNESS_SIGNATURE');
    expect(
      codeOf(() => gradeWitnesses([{ ...stranger!, signature: one!.signature }], 5, hash, policy(1, []))),
    ).toBe('EVIDENCE_WITNESS_SIGNATURE');
    expect(
      codeOf(() => gradeWitnesses([{ ...one!, key: `0x${'ff'.repeat(32)}` }], 5, hash, policy(1, []))),
    ).toBe('EVIDENCE_WITNESS_SIGNATURE');
    expect(codeOf(() => gradeWitnesses([one!, one!], 5, hash, policy(1, [])))).toBe('EVIDENCE_FORMAT');
  });
});

test('parsing keeps what it was given', () => {
  expect(parseChainEvidence(JSON.parse(JSON.stringify(golden)))).toEqual(golden);
  expect(fromHex(golden.header).length).toBeGreaterThan(500);
});
