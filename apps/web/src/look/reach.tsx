/** Where recalled units are: a table of sites, never of people. */
import type { ProgressView } from '@zhenmei/provenance/api.ts';
import { say, t } from '../shell/words.ts';
import { Pill } from './parts.tsx';

type Site = Omit<ProgressView['sites'][number], 'seenAt' | 'acknowledgedAt' | 'locked'> &
  Partial<Pick<ProgressView['sites'][number], 'seenAt' | 'acknowledgedAt' | 'locked'>>;

export function ReachTable({ sites, progress = false }: { sites: readonly Site[]; progress?: boolean }) {
  return (
    // a wide table scrolls by itself, never the page; then it can be reached by keyboard
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be focusable
    <section className="overflow-x-auto" tabIndex={0} aria-label={t('recallNew.reach')}>
      <table className="w-full text-left border-collapse">
        <thead>
          <tr className="soft text-sm">
            <th className="py-2 pr-3 font-medium">{t('site.name')}</th>
            <th className="py-2 pr-3 font-medium text-right">{t('site.held')}</th>
            <th className="py-2 pr-3 font-medium text-right">{t('site.used')}</th>
            <th className="py-2 pr-3 font-medium text-right">{t('site.coming')}</th>
            {progress ? (
              <>
                <th className="py-2 pr-3 font-medium">{t('site.seen')}</th>
                <th className="py-2 font-medium">{t('site.acknowledged')}</th>
              </>
            ) : null}
          </tr>
        </thead>
        <tbody>
          {sites.map((site) => (
            <tr key={site.gln} className="border-t border-line">
              <td className="py-2 pr-3">{say(site.name)}</td>
              <td className="py-2 pr-3 text-right">{site.held}</td>
              <td className="py-2 pr-3 text-right">{site.used}</td>
              <td className="py-2 pr-3 text-right">{site.coming}</td>
              {progress ? (
                <>
                  <td className="py-2 pr-3">
                    <Done at={site.seenAt ?? null} />
                  </td>
                  <td className="py-2">
                    <Done
                      at={site.acknowledgedAt ?? null}
                      {...(site.locked == null ? {} : { more: t('site.locked', { locked: site.locked }) })}
                    />
                  </td>
                </>
              ) : null}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Done({ at, more }: { at: string | null; more?: string }) {
  if (!at) return <span className="soft">{t('site.notYet')}</span>;
  return <Pill tone="jade">{more ?? at.slice(11, 16)}</Pill>;
}
