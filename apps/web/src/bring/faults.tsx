/** What was not understood, each with its place; the first of them, and how many more there are. */
import { t } from '../shell/words.ts';

const SHOWN = 20;

export function Faults({ lines }: { lines: readonly string[] }) {
  if (lines.length === 0) return null;
  const counted = new Map<string, number>();
  return (
    <>
      <ul className="m-0 pl-5 text-sm">
        {lines.slice(0, SHOWN).map((line) => {
          const nth = counted.get(line) ?? 0;
          counted.set(line, nth + 1);
          return (
            <li key={`${line} ${nth}`} className="break-words">
              {line}
            </li>
          );
        })}
      </ul>
      {lines.length > SHOWN ? (
        <p className="m-0 soft">{t('bring.more', { n: lines.length - SHOWN })}</p>
      ) : null}
    </>
  );
}
