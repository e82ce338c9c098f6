/** The small set of pieces that all pages are made of. */
import { Link } from '@tanstack/react-router';
import { ApiError } from '@zhenmei/client/api.ts';
import { AppError } from '@zhenmei/kernel/core/errors.ts';
import type { ReactNode } from 'react';
import { isChinese, language, t } from '../shell/words.ts';

export type Tone = 'jade' | 'amber' | 'cinnabar' | 'slate' | 'plum';
const MARK: Record<Tone, string> = { jade: '✓', amber: '!', cinnabar: '✕', slate: '?', plum: '·' };

export function Pill({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <span className="inline-flex items-baseline gap-1 font-medium" style={{ color: `var(--${tone})` }}>
      <span aria-hidden="true">{MARK[tone]}</span>
      {children}
    </span>
  );
}

export function Card({ title, children, tone }: { title?: ReactNode; children: ReactNode; tone?: Tone }) {
  return (
    <section
      className="card flex flex-col gap-3"
      style={tone ? { borderColor: `var(--${tone})` } : undefined}
    >
      {title ? <h2 className="text-lg font-semibold m-0">{title}</h2> : null}
      {children}
    </section>
  );
}

export function Page({ title, children, lead }: { title: string; children: ReactNode; lead?: string }) {
  return (
    <div className="flex flex-col gap-4">
      <title>{`${title} · ${t('brand')}`}</title>
      <header>
        <h1 className="text-2xl font-semibold m-0">{title}</h1>
        {lead ? <p className="soft mt-1 mb-0">{lead}</p> : null}
      </header>
      {children}
    </div>
  );
}

/** What, why, and what to do next. */
export function Refusal({ error }: { error: unknown }) {
  const text =
    error instanceof ApiError
      ? isChinese()
        ? error.texts.zh
        : error.texts.en
      : error instanceof AppError
        ? error.text(language())
        : t('error.unexpected');
  return (
    <div role="alert" className="card" style={{ borderColor: 'var(--cinnabar)' }}>
      <Pill tone="cinnabar">{text}</Pill>
    </div>
  );
}

/** What is being done, and the shape of what will be here. */
export function Waiting({ what, lines = 0 }: { what: string; lines?: number }) {
  return (
    <div role="status" className="flex flex-col gap-3">
      <p className="soft m-0 flex items-center gap-2">
        <span aria-hidden="true" className="busy" />
        {what}
      </p>
      {lines > 0 ? <Skeleton lines={lines} /> : null}
    </div>
  );
}

const WIDTHS = ['72%', '94%', '58%', '83%'];

export function Skeleton({ lines }: { lines: number }) {
  return (
    <div aria-hidden="true" className="card flex flex-col gap-3">
      {Array.from({ length: lines }, (_, i) => (
        <div key={WIDTHS[i % 4]! + String(i)} className="skeleton" style={{ width: WIDTHS[i % 4] }} />
      ))}
    </div>
  );
}

/** One word, one colour, one sentence; the reasons follow inside. */
export function Verdict({
  tone,
  word,
  sentence,
  children,
}: {
  tone: Tone;
  word: string;
  sentence?: string;
  children?: ReactNode;
}) {
  return (
    <section className="card verdict flex flex-col gap-3" style={{ borderColor: `var(--${tone})` }}>
      <h2 className="text-2xl font-semibold m-0">
        <Pill tone={tone}>{word}</Pill>
      </h2>
      {sentence ? <p className="m-0 font-semibold">{sentence}</p> : null}
      {children}
    </section>
  );
}

export function Empty({ text, to, action }: { text: string; to: string; action: string }) {
  return (
    <div className="card flex flex-col items-start gap-3">
      <p className="soft m-0">{text}</p>
      <Link to={to} className="btn">
        {action}
      </Link>
    </div>
  );
}

export function Facts({ rows }: { rows: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className="grid gap-x-4 gap-y-1 m-0 grid-cols-[fit-content(45%)_1fr]">
      {rows.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="soft">{name}</dt>
          <dd className="m-0 break-words min-w-0">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** A quiet line behind which the details are. */
export function Details({ children }: { children: ReactNode }) {
  return (
    <details className="text-sm no-print">
      <summary className="soft cursor-pointer min-h-11 py-2.5">{t('proof.show')}</summary>
      <div className="mt-2 break-all font-mono text-xs soft">{children}</div>
    </details>
  );
}
