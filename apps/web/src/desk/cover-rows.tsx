/** Promises as a list: what, how much, where it stands, and what can be done. */
import { numberFormat } from '@zhenmei/kernel/core/formats.ts';
import type { DeskCover } from '@zhenmei/money/guarantee-api.ts';
import type { ReactNode } from 'react';
import { Card, Facts, Pill } from '../look/parts.tsx';
import { toneOf } from '../pages/visit-guarantee-card.tsx';
import { date, type Key, language, say, t, yuan } from '../shell/words.ts';
import { now } from '../state/apis.ts';

export function CoverCard({
  cover,
  named = false,
  backed = true,
  children,
}: {
  cover: DeskCover;
  /** Says whose promise it is. */
  named?: boolean;
  /** Says who stands behind it; not needed at that one's own desk. */
  backed?: boolean;
  children?: ReactNode;
}) {
  return (
    <Card>
      <Pill tone={toneOf(cover.state)}>{stateOf(cover)}</Pill>
      <Facts
        rows={[
          ...(named ? [[t('guarantee.of'), say(cover.clinic)] as const] : []),
          ...(cover.backing.profile === 'promise' || !backed
            ? []
            : [[t('backing.who'), behindName(cover)] as const]),
          [t('guarantee.price'), yuan(cover.price)],
          [t('guarantee.sum'), yuan(cover.cover.sum)],
          [t('guarantee.until'), date(cover.until, now())],
          ...(cover.asked
            ? [[t('guarantee.asked'), t(`guarantee.case.${cover.asked}` as Key)] as const]
            : []),
          ...(cover.deadline && cover.state === 'claimed'
            ? [[t('guarantee.deadline'), date(cover.deadline, now())] as const]
            : []),
          ...(cover.paidOut === null ? [] : [[t('guarantee.experience.paid'), yuan(cover.paidOut)] as const]),
        ]}
      />
      {children}
    </Card>
  );
}

/** A request is no promise yet: it waits for its insurer, or for the clinic. */
const stateOf = ({ state, backing }: DeskCover): string =>
  state === 'offered' && backing.profile === 'insurer'
    ? t(backing.answer === 'signed' ? 'insurer.signedWaiting' : 'insurer.toAnswer')
    : t(`guarantee.state.${state}` as Key);

const behindName = ({ backing }: DeskCover): string =>
  backing.profile === 'insurer' && backing.name
    ? t('insurer.behind', { name: say(backing.name) })
    : t(`backing.${backing.profile}`);

/** What whoever stands behind a promise wants to know of it: its part, its price, the decision, what it paid. */
export function BackerFacts({ cover }: { cover: DeskCover }) {
  const { backing, ruling, silent } = cover;
  const verdict = silent
    ? t('backing.verdict.silent')
    : ruling === null
      ? null
      : t(`guarantee.decide.${ruling}` as Key);
  return (
    <Facts
      rows={[
        [t('backing.first'), yuan(backing.firstLoss)],
        [t('backing.part'), yuan(backing.backed)],
        ...(backing.premium === null ? [] : [[t('backing.premium'), yuan(backing.premium)] as const]),
        ...(verdict === null ? [] : [[t('backing.verdict'), verdict] as const]),
        ...(backing.paid === null ? [] : [[t('backing.paid'), yuan(backing.paid)] as const]),
      ]}
    />
  );
}

/** How often, how much, and the rate that follows. */
export function ExperienceCard({
  experience: e,
}: {
  experience: { covers: number; claims: number; covered: string; paid: string; ratePpm: number | null };
}) {
  const percent = numberFormat(language(), { style: 'percent', maximumFractionDigits: 2 });
  return (
    <Card title={t('guarantee.experience')}>
      <Facts
        rows={[
          [t('guarantee.experience.covers'), e.covers],
          [t('guarantee.experience.claims'), e.claims],
          [t('guarantee.experience.paid'), yuan(e.paid)],
          ...(e.ratePpm === null
            ? []
            : [
                [
                  t('guarantee.experience.rate'),
                  t('guarantee.experience.rate.of', { percent: percent.format(e.ratePpm / 1_000_000) }),
                ] as const,
              ]),
        ]}
      />
      {e.ratePpm === null ? <p className="m-0 soft">{t('guarantee.experience.none')}</p> : null}
    </Card>
  );
}

/** What one stands behind: a heading, words if there is nothing, and a card for each promise. */
export function Behind({
  title,
  none,
  covers,
  children,
}: {
  title: string;
  none: string;
  covers: readonly DeskCover[];
  children?: ReactNode;
}) {
  return (
    <>
      <h2 className="text-lg font-semibold m-0">{title}</h2>
      {covers.length === 0 ? <p className="m-0 soft">{none}</p> : children}
      <div className="grid gap-4 md:grid-cols-2">
        {covers.map((cover) => (
          <CoverCard key={cover.id} cover={cover} named backed={false}>
            <BackerFacts cover={cover} />
          </CoverCard>
        ))}
      </div>
    </>
  );
}
