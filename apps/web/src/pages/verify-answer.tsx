/** The verdict in the app: the word, why, what to do, and everything it rests on. */
import type { VerdictView } from '@zhenmei/provenance/api.ts';
import { Card, Details, Facts, Verdict } from '../look/parts.tsx';
import { Timeline, WayKey, WayMap } from '../look/way-map.tsx';
import { date, type Key, say, t } from '../shell/words.ts';
import { now } from '../state/apis.ts';

const TONE = { green: 'jade', amber: 'amber', red: 'cinnabar', grey: 'slate' } as const;

export function Answer({ view }: { view: VerdictView }) {
  const [first] = view.reasons;
  return (
    <>
      <Verdict
        tone={TONE[view.level]}
        word={t(`verdict.${view.level}`)}
        {...(first ? { sentence: say(view.level === 'green' ? first.doNow : first.text) } : {})}
      >
        {view.product ? <p className="m-0">{say(view.product.name)}</p> : null}
      </Verdict>
      <Card title={t('verify.why')}>
        <ul className="list-none p-0 m-0 flex flex-col gap-4">
          {view.reasons.map((reason) => (
            <Reason key={reason.code} reason={reason} />
          ))}
        </ul>
      </Card>
      {view.product ? <Product view={view} product={view.product} /> : null}
      {view.trail.length > 0 ? (
        <Card title={t('verdict.way')}>
          {view.handovers.total > 0 ? (
            <p className="soft m-0">{t('verdict.handovers', { ...view.handovers })}</p>
          ) : null}
          <WayMap trail={view.trail} />
          <WayKey />
          <Timeline trail={view.trail} />
          <Details>
            {view.unit}
            {view.trail.map((stop) => (
              <span key={stop.event} className="block">
                {stop.event}
              </span>
            ))}
          </Details>
        </Card>
      ) : null}
    </>
  );
}

function Reason({ reason }: { reason: VerdictView['reasons'][number] }) {
  const { text, by, at, notice, check, event } = reason;
  return (
    <li className="flex flex-col gap-1 border-l-2 border-line pl-3">
      <span>{say(text)}</span>
      {notice ? <span className="soft">{say(notice.reason)}</span> : null}
      <span className="font-medium">{say(notice?.doNow ?? reason.doNow)}</span>
      {by ? (
        <span className="soft text-sm">
          {t('verdict.said', { by: say(by) })}
          {at ? ` · ${date(at, now())}` : ''}
        </span>
      ) : null}
      <details className="text-sm no-print">
        <summary className="soft cursor-pointer min-h-11 py-2.5">{t('verify.checkIt')}</summary>
        <p className="m-0">{say(check)}</p>
        <p className="m-0 break-all font-mono text-xs soft">
          {event ? t('verify.record', { digest: event }) : null}
          {notice ? t('verify.notice', { digest: notice.digest }) : null}
        </p>
      </details>
    </li>
  );
}

function Product({ view, product }: { view: VerdictView; product: NonNullable<VerdictView['product']> }) {
  return (
    <Card>
      <Facts
        rows={[
          [t('verdict.maker'), say(product.maker)],
          [t('verdict.approved'), product.approvedRoutes.map((r) => t(`route.${r}` as Key)).join(' · ')],
          [t('verdict.registration'), product.registration],
          ...(view.lot ? [[t('verdict.lot'), view.lot] as const] : []),
          ...(view.expiry ? [[t('verdict.expiry'), date(`${view.expiry}T12:00:00Z`, now())] as const] : []),
        ]}
      />
    </Card>
  );
}
