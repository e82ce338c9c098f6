/** What a breach or a drill comes to: numbers, clocks with dates, and the notice in both languages. */
import type { vaultApi } from '@zhenmei/vault/api.ts';
import { ACCESS_KINDS, type AccessKind } from '@zhenmei/vault/core/access/entry.ts';
import { PURPOSES } from '@zhenmei/vault/core/grants/grant.ts';
import { useState } from 'react';
import type { z } from 'zod';
import { Ask } from '../look/ask.tsx';
import { Button } from '../look/button.tsx';
import { Card, Facts, Pill } from '../look/parts.tsx';
import { toast } from '../look/toasts.tsx';
import { date, say, t } from '../shell/words.ts';
import { now } from '../state/apis.ts';

export type BreachFound = z.infer<(typeof vaultApi.reportBreachAtDesk)['response'][200]>;

interface Props {
  readonly found: BreachFound;
  readonly canTell: boolean;
  readonly telling: boolean;
  onTell(): void;
  onAgain(): void;
}

export function BreachResult({ found, canTell, telling, onTell, onAgain }: Props) {
  const [asking, setAsking] = useState(false);
  const { drill, people, openings, startedAt, categories, clocks, notice, notified } = found;
  const mark = (
    <Pill tone={drill ? 'amber' : 'cinnabar'}>{t(drill ? 'breach.isDrill' : 'breach.isReal')}</Pill>
  );
  const nameOf = (kind: string, purpose: string | null) => {
    const does = say(ACCESS_KINDS[kind as AccessKind]);
    return purpose && purpose in PURPOSES
      ? `${does} · ${say(PURPOSES[purpose as keyof typeof PURPOSES])}`
      : does;
  };
  return (
    <>
      <Card title={mark} tone={drill ? 'amber' : 'cinnabar'}>
        <Facts
          rows={[
            [t('breach.people'), <strong key="n">{people}</strong>],
            [t('breach.openings'), openings],
            [t('breach.started'), date(startedAt, now(), true)],
          ]}
        />
      </Card>
      <Card title={t('breach.kinds')}>
        {categories.length === 0 ? <p className="m-0 soft">{t('breach.none')}</p> : null}
        <Facts
          rows={categories.map(({ kind, purpose, openings: n, files }) => [
            nameOf(kind, purpose),
            t('breach.kind', { n, files }),
          ])}
        />
      </Card>
      <Card title={t('breach.clocks')}>
        <ul className="list-none m-0 p-0">
          {clocks.map(({ rule, to, what, source, hours, dueAt }) => (
            <li key={rule} className="border-t border-line first:border-0 py-2 flex flex-col gap-1">
              <span className="font-medium">{t(`breach.to.${to}`)}</span>
              <span>{say(what)}</span>
              <Pill tone="amber">
                {hours === null ? t('breach.atOnce') : t('breach.due', { when: date(dueAt, now(), true) })}
              </Pill>
              <span className="soft text-sm" lang="zh-CN">
                {source}
              </span>
            </li>
          ))}
        </ul>
      </Card>
      <Draft title={`${t('breach.notice')} · 中文`} lang="zh-CN" text={notice.zh} />
      <Draft title={`${t('breach.notice')} · English`} lang="en" text={notice.en} />
      <Card title={mark}>
        <Pill tone={notified ? 'jade' : 'slate'}>{t(notified ? 'breach.told' : 'breach.notTold')}</Pill>
        <div className="flex flex-wrap gap-3 no-print">
          <Button onClick={() => globalThis.print()}>{t('breach.print')}</Button>
          {canTell && !notified && people > 0 ? (
            <Button kind="danger" busy={telling} onClick={() => setAsking(true)}>
              {t('breach.tell')}
            </Button>
          ) : null}
          <Button onClick={onAgain}>{t('breach.again')}</Button>
        </div>
        <Ask
          open={asking}
          onOpenChange={setAsking}
          danger
          title={t('breach.tell.ask', { n: people })}
          text={t('breach.tell.means')}
          yes={t('breach.tell')}
          onYes={onTell}
        />
      </Card>
    </>
  );
}

function Draft({ title, lang, text }: { title: string; lang: string; text: string }) {
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    toast(t('breach.copied'));
  };
  return (
    <Card title={title}>
      <p className="m-0 break-words" lang={lang} data-draft>
        {text}
      </p>
      <Button className="self-start no-print" onClick={() => void copy()}>
        {t('breach.copy')}
        <span className="sr-only"> {title}</span>
      </Button>
    </Card>
  );
}
