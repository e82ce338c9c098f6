/** What a side tells the drawn assessors, encrypted for each of them on this device. */
import type { Dispute } from '@zhenmei/client/dispute.ts';
import { useState } from 'react';
import { Button } from '../look/button.tsx';
import { Field } from '../look/field.tsx';
import { Card } from '../look/parts.tsx';
import { t } from '../shell/words.ts';

export function Papers({ d, onSend }: { d: Pick<Dispute, 'panel'>; onSend(statement: string): void }) {
  const [text, setText] = useState('');
  const [given, setGiven] = useState(false);
  const seats = d.panel?.seats ?? [];
  const sent = seats.filter(({ sealed }) => sealed).length;
  return (
    <Card title={t('dispute.papers')}>
      <p className="m-0 soft">{t('dispute.papers.lead')}</p>
      {given || sent > 0 ? (
        <p className="m-0" role="status">
          {t('dispute.papers.sent', { n: seats.length, sent })}
          {sent < seats.length ? <span className="soft block">{t('dispute.papers.wait')}</span> : null}
        </p>
      ) : (
        <>
          <Field
            label={t('dispute.papers.text')}
            lines={5}
            maxLength={4_000}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
          <Button
            kind="main"
            disabled={text.trim() === ''}
            onClick={() => {
              setGiven(true);
              onSend(text.trim());
            }}
          >
            {t('dispute.papers.send')}
          </Button>
        </>
      )}
    </Card>
  );
}
