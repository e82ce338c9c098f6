/** Four pairs of pictures, each picture graded on the procedure's scale; what comes out is what the panel counts. */
import type { openCase } from '@zhenmei/client/assessor.ts';
import { packScores } from '@zhenmei/money/core/panel-math.ts';
import { compareGrades, GRADES, type Grade } from '@zhenmei/money/core/panel-pictures.ts';
import { useState } from 'react';
import { BytesPicture } from '../dispute/picture.tsx';
import { Button } from '../look/button.tsx';
import { Choice } from '../look/choice.tsx';
import { t } from '../shell/words.ts';

export type Pictures = NonNullable<Awaited<ReturnType<typeof openCase>>['pictures']>;
type Side = 'left' | 'right';
type Grades = Readonly<Record<string, Grade>>;

const keyOf = (place: number, side: Side) => `${place}/${side}`;

/** Packed answers, or how many pictures still have no grade. */
function answersOf({ places }: Pictures, grades: Grades): { scores: number } | { missing: number } {
  let missing = 0;
  const answers = places.map((one, place) => {
    if ('answer' in one) return one.answer;
    const left = grades[keyOf(place, 'left')];
    const right = grades[keyOf(place, 'right')];
    missing += Number(left === undefined) + Number(right === undefined);
    return left === undefined || right === undefined ? 0 : compareGrades(left, right);
  });
  return missing > 0 ? { missing } : { scores: packScores(answers) };
}

export function PicturePairs({
  pictures,
  busy,
  onSeal,
}: {
  pictures: Pictures;
  busy: boolean;
  onSeal(scores: number): void;
}) {
  const [grades, setGrades] = useState<Grades>({});
  const answers = answersOf(pictures, grades);
  const lost = pictures.places.some((one) => !('answer' in one) && !(one.left && one.right));
  return (
    <>
      <h3 className="text-base m-0">{t('pairs.title')}</h3>
      <p className="m-0 soft">{t('pairs.lead')}</p>
      <p className="m-0 font-medium">{t(`pairs.scale.${pictures.scale}`)}</p>
      <p className="m-0 soft">{t('pairs.only')}</p>
      {pictures.come ? null : <p className="m-0 text-amber">{t('pairs.missing')}</p>}
      {lost ? <p className="m-0 text-amber">{t('pairs.other')}</p> : null}
      {pictures.places.map((one, place) =>
        'answer' in one ? null : (
          // biome-ignore lint/suspicious/noArrayIndexKey: a place is its number
          <section key={place} className="grid grid-cols-2 gap-3">
            <h4 className="col-span-2 text-base m-0">{t('pairs.group', { n: place + 1 })}</h4>
            {(['left', 'right'] as const).map((side) => {
              const label = t(`pairs.${side}`);
              const picture = one[side];
              return (
                <div key={side} className="min-w-0 flex flex-col gap-2">
                  {picture ? <BytesPicture bytes={picture.bytes} title={label} /> : null}
                  <Choice<`${Grade}`>
                    legend={label}
                    value={grades[keyOf(place, side)] === undefined ? null : `${grades[keyOf(place, side)]!}`}
                    onChange={(grade) =>
                      setGrades((was) => ({ ...was, [keyOf(place, side)]: Number(grade) as Grade }))
                    }
                    options={GRADES.map((grade) => ({
                      value: `${grade}` as const,
                      label: t(`pairs.grade.${grade}`),
                    }))}
                  />
                </div>
              );
            })}
          </section>
        ),
      )}
      {'missing' in answers ? (
        <p className="m-0 soft" role="status">
          {t('pairs.todo', { n: answers.missing })}
        </p>
      ) : null}
      <p className="m-0 soft">{t('panels.commit.note')}</p>
      <Button
        kind="main"
        busy={busy}
        disabled={'missing' in answers || lost}
        onClick={() => 'scores' in answers && onSeal(answers.scores)}
      >
        {t('pairs.seal')}
      </Button>
    </>
  );
}
