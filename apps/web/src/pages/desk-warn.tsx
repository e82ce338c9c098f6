/** What gives a counterfeit away, published for everybody who verifies. */
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { publishNotice } from '@zhenmei/client/notices.ts';
import { useState } from 'react';
import { linesOf } from '../desk/notice-state.ts';
import { useSeat } from '../desk/use-seat.ts';
import { Ask } from '../look/ask.tsx';
import { Button } from '../look/button.tsx';
import { Field } from '../look/field.tsx';
import { Card, Page, Refusal, Waiting } from '../look/parts.tsx';
import { t } from '../shell/words.ts';
import { freshId, now } from '../state/apis.ts';
import { BothLanguages } from './desk-recall-new.tsx';

const LISTS = ['lots', 'serials', 'doses', 'onlyDoses', 'ingredients', 'onlyIngredients'] as const;
const EMPTY = { lots: '', serials: '', doses: '', onlyDoses: '', ingredients: '', onlyIngredients: '' };

export function DeskWarnPage() {
  const seat = useSeat().data!;
  const navigate = useNavigate();
  const [gtin, setGtin] = useState('');
  const [lists, setLists] = useState<Record<(typeof LISTS)[number], string>>(EMPTY);
  const [reason, setReason] = useState({ zh: '', en: '' });
  const [doNow, setDoNow] = useState({ zh: t('recallNew.doDefaultZh'), en: t('recallNew.doDefaultEn') });
  const [asking, setAsking] = useState(false);
  const publish = useMutation({
    mutationFn: () => {
      const [doses, onlyDoses] = [linesOf(lists.doses), linesOf(lists.onlyDoses)];
      const [ingredients, onlyIngredients] = [linesOf(lists.ingredients), linesOf(lists.onlyIngredients)];
      const marks = doses.length + onlyDoses.length + ingredients.length + onlyIngredients.length;
      return publishNotice(
        seat.desk,
        seat.organisation.gln,
        {
          kind: 'counterfeit',
          gtin,
          lots: linesOf(lists.lots),
          serials: linesOf(lists.serials),
          ...(marks > 0 ? { label: { doses, onlyDoses, ingredients, onlyIngredients } } : {}),
          reason,
          doNow,
        },
        { now, newId: freshId },
      );
    },
    onSuccess: ({ id }) => void navigate({ to: '/desk/recalls/$id', params: { id } }),
  });
  const ready =
    /^\d{14}$/.test(gtin) &&
    LISTS.some((name) => linesOf(lists[name]).length > 0) &&
    [reason, doNow].every(({ zh, en }) => zh.trim() && en.trim());
  return (
    <Page title={t('warn.title')} lead={t('warn.lead')}>
      <Card>
        <Field
          label={t('warn.gtin')}
          inputMode="numeric"
          maxLength={14}
          value={gtin}
          autoComplete="off"
          onValueChange={setGtin}
        />
        {LISTS.map((name) => (
          <Field
            key={name}
            label={t(`warn.${name}`)}
            lines={2}
            value={lists[name]}
            onValueChange={(next) => setLists({ ...lists, [name]: next })}
          />
        ))}
      </Card>
      <Card>
        <BothLanguages
          zh={t('recallNew.reasonZh')}
          en={t('recallNew.reasonEn')}
          value={reason}
          onChange={setReason}
        />
        <BothLanguages zh={t('recallNew.doZh')} en={t('recallNew.doEn')} value={doNow} onChange={setDoNow} />
        <Button kind="danger" disabled={!ready} busy={publish.isPending} onClick={() => setAsking(true)}>
          {t('warn.go')}
        </Button>
        {publish.isPending ? <Waiting what={t('recallNew.publishing')} /> : null}
        {publish.error ? <Refusal error={publish.error} /> : null}
      </Card>
      <Ask
        open={asking}
        onOpenChange={setAsking}
        danger
        title={t('warn.askTitle')}
        text={t('warn.askText')}
        yes={t('warn.go')}
        onYes={() => publish.mutate()}
      />
    </Page>
  );
}
