/** What an amendment changed: before and now, field by field. */

import type { AnyRecord } from '@zhenmei/vault/core/record.ts';
import { type RecordChange, recordChanges } from '@zhenmei/vault/core/record-document.ts';
import { amountOf, date, type Key, t } from '../shell/words.ts';
import { now } from '../state/apis.ts';
import { zoneName } from '../vault/record-facts.tsx';

function shownValue(field: RecordChange['field'], value: RecordChange['before']): string {
  if (value === null) return t('sealed.nothing');
  if (typeof value === 'string') return field === 'at' ? date(value, now(), true) : value;
  return amountOf(value.amount, value.unit);
}

export function Changes({ before, after }: { before: AnyRecord; after: AnyRecord }) {
  const changes = recordChanges(before, after);
  if (changes.length === 0) return <p className="m-0 soft">{t('sealed.same')}</p>;
  return (
    <ul className="list-none m-0 p-0 flex flex-col gap-3">
      {changes.map(({ field, zone, before: was, after: is }) => (
        <li key={`${field} ${zone}`} className="border-l-3 border-plum pl-3">
          <span className="font-medium block">
            {t(`sealed.field.${field}` as Key, zone ? { place: zoneName(zone) } : {})}
          </span>
          <span className="block">
            <span className="soft">{t('sealed.was')}</span>{' '}
            <del className="break-words">{shownValue(field, was)}</del>
          </span>
          <span className="block">
            <span className="soft">{t('sealed.is')}</span>{' '}
            <ins className="no-underline font-medium break-words">{shownValue(field, is)}</ins>
          </span>
        </li>
      ))}
    </ul>
  );
}
