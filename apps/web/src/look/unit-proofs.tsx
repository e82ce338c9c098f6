/** What the verifier found in the proof of a unit, with words for people. */
import { reasonTexts } from '@zhenmei/provenance/core/reasons.ts';
import { UNIT_PARTS, type UnitVerification } from '@zhenmei/verifier/verify-unit.ts';
import { say, t } from '../shell/words.ts';
import { Details, Pill } from './parts.tsx';

const TONE = { proven: 'jade', false: 'cinnabar', 'cannot-judge': 'slate' } as const;
const LEVEL = { green: 'jade', amber: 'amber', red: 'cinnabar', grey: 'slate' } as const;

export function UnitProofs({ result }: { result: UnitVerification }) {
  const { verdict } = result;
  const [first] = verdict?.reasons ?? [];
  return (
    <div role="status" className="flex flex-col gap-3">
      {verdict && first ? (
        <p className="m-0 text-lg font-semibold">
          <Pill tone={LEVEL[verdict.level]}>{t(`verdict.${verdict.level}`)}</Pill>
          <span className="block font-normal text-base">
            {say(reasonTexts(first.code, verdict.handovers).text)}
          </span>
        </p>
      ) : null}
      <ul className="list-none p-0 m-0 flex flex-col">
        {UNIT_PARTS.map((part) => {
          const { verdict: found, message, grade, code, facts, place } = result.proofs[part];
          return (
            <li key={part} data-verdict={found} className="border-t border-line py-2 first:border-0">
              <span className="flex justify-between gap-3">
                <span className="font-medium">{t(`unit.${part}`)}</span>
                <Pill tone={TONE[found]}>{t(`part.${found}`)}</Pill>
              </span>
              <span className="block">{say(message)}</span>
              {place ? <span className="block soft text-sm">{t('unit.place', { place })}</span> : null}
              {grade === 'operator-only' ? (
                <span className="block soft text-sm">{t('receipt.operatorOnly')}</span>
              ) : null}
              <Details>
                {code} {facts ? JSON.stringify(facts) : ''}
              </Details>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
