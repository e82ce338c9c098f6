import { describe, expect, it } from 'vitest';
import { allClaims, type Claim, claimsOf } from './prove/claims.ts';
import { judgeAll } from './prove/run.ts';

const spec = (body: string, state = ''): string => `// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {EscrowMath} from "../src/base/EscrowMath.sol";

contract PlantedSpec {
${state}
${body}
}
`;
const claim = (name: string, args: string, body: string): string =>
  `    function prove_${name}(${args}) external pure {\n        ${body}\n    }\n`;
const judged = async (text: string) =>
  (await judgeAll(claimsOf('spec/Planted.spec.sol', text), 1)).map(
    ({ name, verdict }) => `${name} ${verdict}`,
  );

describe('proving', () => {
  it('tells what holds from what does not, and from what says nothing', async () => {
    const text = spec(
      [
        claim(
          'true',
          'uint88 a, uint16 b',
          'require(b <= 500);\n        assert(EscrowMath.share(a, b) <= a);',
        ),
        claim(
          'false',
          'uint88 a, uint16 b',
          'require(b <= 500);\n        assert(EscrowMath.share(a, b) < a);',
        ),
        claim(
          'empty',
          'uint88 a, uint16 b',
          'require(b > 5 && b < 5);\n        assert(EscrowMath.share(a, b) > a);',
        ),
      ].join('\n'),
    );
    expect(await judged(text)).toEqual([
      'Planted.true proved',
      'Planted.false failed',
      'Planted.empty unknown',
    ]);
  });

  it('looks at any sequence of acts, not only at the first', async () => {
    const acts = '    uint256 private n;\n\n    function act() external {\n        n++;\n    }\n';
    const view = (name: string, body: string) => claim(name, '', body).replace('pure', 'view');
    const text = spec(
      [view('atMostTwo', 'assert(n <= 2);'), view('any', 'assert(n >= 0);')].join('\n'),
      acts,
    );
    expect(await judged(text)).toEqual(['Planted.atMostTwo failed', 'Planted.any proved']);
  });

  it('does not take a question that is too hard for a proof', async () => {
    const cubes = 'require(a > 0 && b > 0 && c > 0);\n        assert(a * a * a + b * b * b != c * c * c);';
    const [only] = claimsOf(
      'spec/Planted.spec.sol',
      spec(claim('fermat', 'uint64 a, uint64 b, uint64 c', `unchecked {\n        ${cubes}\n        }`)),
    );
    const { judge } = await import('./prove/judge.ts');
    // a solver that gives up answers so
    expect(judge(only!, only!.source, () => 'unknown\n')).toBe('unknown');
    expect(judge(only!, only!.source, () => '(error "out of memory")')).toBe('unknown');
    expect(judge(only!, only!.source, () => '')).toBe('unknown');
  });

  it.each([
    [
      'an assertion without a name',
      '    function other() external pure {\n        assert(true);\n    }\n',
      /outside/,
    ],
    ['a name without an assertion', claim('nothing', '', 'require(true);'), /must assert one thing/],
    [
      'two assertions in one',
      claim('two', '', 'assert(true);\n        assert(true);'),
      /must assert one thing/,
    ],
    ['no claim at all', '', /nothing to prove/],
  ])('refuses %s', (_what, body, fault) => {
    expect(() => claimsOf('spec/Planted.spec.sol', spec(body))).toThrow(fault);
  });

  it('refuses a specification that does not compile', async () => {
    await expect(judged(spec(claim('wrong', '', 'assert(nobody);')))).rejects.toThrow(/Undeclared/);
  });

  it('has names for everything that the contracts promise', () => {
    const names = allClaims().map(({ name }: Claim) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThanOrEqual(70);
    const about = new Set(names.map((name) => name.split('.')[0]));
    expect([...about].sort()).toEqual([
      'Anchors',
      'BondMoves',
      'EscrowLedger',
      'EscrowMath',
      'EscrowMoves',
      'GuaranteeMath',
      'GuaranteeMoves',
      'GuaranteePoolMath',
      'Instalments',
      'Issuers',
      'PanelMath',
      'PanelMedian',
      'PanelMoves',
      'ParamsBounds',
      'PledgeMoves',
      'Reviews',
      'SettlementUnit',
      'Units',
      'VerificationMath',
      'VerificationMoves',
    ]);
  });
});
