/** A recall, from the choice of lots to the passkey: what it reaches is shown before it is confirmed. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { publishNotice } from '@zhenmei/client/notices.ts';
import { recallApi } from '@zhenmei/provenance/api.ts';
import { useState } from 'react';
import { linesOf } from '../desk/notice-state.ts';
import { useSeat } from '../desk/use-seat.ts';
import { Ask } from '../look/ask.tsx';
import { Button } from '../look/button.tsx';
import { Choice, Select, Tick } from '../look/choice.tsx';
import { Field } from '../look/field.tsx';
import { Loaded } from '../look/loaded.tsx';
import { Card, Page, Refusal, Waiting } from '../look/parts.tsx';
import { ReachTable } from '../look/reach.tsx';
import { say, t } from '../shell/words.ts';
import { deskApi, freshId, now } from '../state/apis.ts';

const route = getRouteApi('/desk/recalls/new');
const SEVERITIES = ['1', '2', '3'] as const;

export function DeskRecallNewPage() {
  const seat = useSeat().data!;
  const navigate = useNavigate();
  const products = useQuery({
    queryKey: ['recall-products'],
    queryFn: () => deskApi.call(recallApi.recallChoices),
  });
  const asked = route.useSearch();
  const [chosen, setChosen] = useState(asked.gtin ?? '');
  const [lots, setLots] = useState<readonly string[]>(asked.lot ? [asked.lot] : []);
  const [serials, setSerials] = useState('');
  const [severity, setSeverity] = useState<(typeof SEVERITIES)[number] | null>(null);
  const [reason, setReason] = useState({ zh: '', en: '' });
  const [doNow, setDoNow] = useState({ zh: t('recallNew.doDefaultZh'), en: t('recallNew.doDefaultEn') });
  const [asking, setAsking] = useState(false);
  const product = products.data?.products.find(({ gtin }) => gtin === chosen) ?? products.data?.products[0];
  const gtin = product?.gtin ?? '';
  const ready =
    lots.length > 0 && severity !== null && [reason, doNow].every(({ zh, en }) => zh.trim() && en.trim());
  const publish = useMutation({
    mutationFn: () =>
      publishNotice(
        seat.desk,
        seat.organisation.gln,
        {
          kind: 'recall',
          gtin,
          lots: [...lots],
          serials: linesOf(serials),
          severity: severity!,
          reason,
          doNow,
        },
        { now, newId: freshId },
      ),
    onSuccess: ({ id }) => void navigate({ to: '/desk/recalls/$id', params: { id } }),
  });
  const pick = (next: string) => {
    setChosen(next);
    setLots([]);
  };
  return (
    <Page title={t('recallNew.title')}>
      <Loaded query={products} lines={3} />
      {product ? (
        <>
          <Card>
            <Select
              label={t('recallNew.product')}
              value={gtin}
              onChange={pick}
              options={products.data!.products.map((one) => ({ value: one.gtin, label: say(one.name) }))}
            />
            <fieldset className="border-0 p-0 m-0 min-w-0">
              <legend className="font-medium">{t('recallNew.lots')}</legend>
              {product.lots.length === 0 ? <p className="soft m-0">{t('recallNew.noLots')}</p> : null}
              {product.lots.map((lot) => (
                <Tick
                  key={lot}
                  label={lot}
                  on={lots.includes(lot)}
                  onChange={(on) => setLots(on ? [...lots, lot] : lots.filter((one) => one !== lot))}
                />
              ))}
            </fieldset>
            <Field label={t('recallNew.serials')} lines={2} value={serials} onValueChange={setSerials} />
          </Card>
          {lots.length > 0 ? <Reach gtin={gtin} lots={lots} serials={linesOf(serials)} /> : null}
          <Card>
            <Choice<(typeof SEVERITIES)[number]>
              legend={t('recallNew.severity')}
              value={severity}
              onChange={setSeverity}
              options={SEVERITIES.map((one) => ({ value: one, label: t(`severity.${one}`) }))}
            />
            <BothLanguages
              zh={t('recallNew.reasonZh')}
              en={t('recallNew.reasonEn')}
              value={reason}
              onChange={setReason}
            />
            <BothLanguages
              zh={t('recallNew.doZh')}
              en={t('recallNew.doEn')}
              value={doNow}
              onChange={setDoNow}
            />
            <Button kind="danger" disabled={!ready} busy={publish.isPending} onClick={() => setAsking(true)}>
              {t('recallNew.go')}
            </Button>
            {publish.isPending ? <Waiting what={t('recallNew.publishing')} /> : null}
            {publish.error ? <Refusal error={publish.error} /> : null}
          </Card>
          <Ask
            open={asking}
            onOpenChange={setAsking}
            danger
            title={t('recallNew.askTitle', { lots: lots.join(' · ') })}
            text={t('recallNew.askText')}
            yes={t('recallNew.yes')}
            onYes={() => publish.mutate()}
          />
        </>
      ) : null}
    </Page>
  );
}

interface Texts {
  readonly zh: string;
  readonly en: string;
}

/** What everybody reads is written in both languages. */
export function BothLanguages({
  zh,
  en,
  value,
  onChange,
}: {
  zh: string;
  en: string;
  value: Texts;
  onChange(value: Texts): void;
}) {
  return (
    <>
      <Field
        label={zh}
        lines={2}
        maxLength={1_000}
        value={value.zh}
        onValueChange={(next) => onChange({ ...value, zh: next })}
      />
      <Field
        label={en}
        lines={2}
        maxLength={1_000}
        value={value.en}
        onValueChange={(next) => onChange({ ...value, en: next })}
      />
    </>
  );
}

function Reach(choice: { gtin: string; lots: readonly string[]; serials: readonly string[] }) {
  const { gtin, lots, serials } = choice;
  const reach = useQuery({
    queryKey: ['reach', gtin, lots, serials],
    queryFn: () =>
      deskApi.call(recallApi.recallReach, { body: { gtin, lots: [...lots], serials: [...serials] } }),
  });
  return (
    <Card title={t('recallNew.reach')}>
      <p className="m-0 soft">{t('recallNew.reachLead')}</p>
      <Loaded query={reach} lines={2}>
        {({ units, unknown, gone, sites }) => (
          <>
            <p className="m-0 font-medium">
              {t('recallNew.units', {
                units,
                unknown,
                gone,
              })}
            </p>
            <ReachTable sites={sites} />
          </>
        )}
      </Loaded>
    </Card>
  );
}
