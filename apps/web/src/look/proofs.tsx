/** The five proofs of a receipt, verified in this page, with words for people. */
import { PARTS } from '@zhenmei/care/core/receipt.ts';
import type { Verification } from '@zhenmei/verifier/verify-receipt.ts';
import { say, t } from '../shell/words.ts';
import { Blossom, type PetalState } from './blossom.tsx';
import { Card, Details, Pill } from './parts.tsx';
import { saveFile } from './save.ts';

const STATE = { proven: 'proven', false: 'false', 'cannot-judge': 'none' } as const satisfies Record<
  string,
  PetalState
>;
const TONE = { proven: 'jade', false: 'cinnabar', 'cannot-judge': 'slate' } as const;

export function Proofs({ result }: { result: Verification }) {
  const states = Object.fromEntries(PARTS.map((p) => [p, STATE[result.proofs[p].verdict]]));
  return (
    <>
      <div className="flex justify-center">
        <Blossom states={states} size={140} />
      </div>
      {PARTS.map((name) => {
        const proof = result.proofs[name];
        return (
          <Card key={name}>
            <div className="flex justify-between gap-3">
              <span className="font-semibold">{t(`part.${name}`)}</span>
              <Pill tone={TONE[proof.verdict]}>{t(`part.${proof.verdict}`)}</Pill>
            </div>
            <p className="m-0">{say(proof.message)}</p>
            {proof.grade === 'operator-only' ? (
              <p className="m-0 soft text-sm">{t('receipt.operatorOnly')}</p>
            ) : null}
            <Details>
              {proof.code} {proof.facts ? JSON.stringify(proof.facts) : ''}
            </Details>
          </Card>
        );
      })}
    </>
  );
}

export const save = (name: string, text: string): void => saveFile(name, text, 'application/json');
