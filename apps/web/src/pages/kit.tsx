/** Every component in its states: for whoever makes a page, and for the eye that checks them. */
import { useState } from 'react';
import { Ask } from '../look/ask.tsx';
import { ALL_PROVEN, Blossom } from '../look/blossom.tsx';
import { Button } from '../look/button.tsx';
import { Choice, Select, Tick, Toggle } from '../look/choice.tsx';
import { Field } from '../look/field.tsx';
import { Card, Details, Empty, Facts, Pill, Refusal, Skeleton, Verdict, Waiting } from '../look/parts.tsx';
import { setTheme, type Theme, theme } from '../look/settings.ts';
import { Toasts, toast } from '../look/toasts.tsx';
import { Switches } from '../shell/switches.tsx';
import { type Key, t, yuan } from '../shell/words.ts';

const TONES = ['jade', 'amber', 'cinnabar', 'slate', 'plum'] as const;
const LEVELS = [
  ['jade', 'verdict.green'],
  ['amber', 'verdict.amber'],
  ['cinnabar', 'verdict.red'],
  ['slate', 'verdict.grey'],
] as const;
const ITEMS = ['kit.one', 'kit.two', 'kit.three'] as const;
type Item = (typeof ITEMS)[number];

export function KitPage() {
  const [look, setLook] = useState(theme());
  return (
    <main className="p-4 max-w-5xl mx-auto flex flex-col gap-4">
      <title>{`${t('kit.title')} · ${t('brand')}`}</title>
      <div className="flex justify-between gap-4 flex-wrap">
        <h1 className="text-2xl font-semibold m-0">{t('kit.title')}</h1>
        <Switches />
      </div>
      <Select
        label={t('me.theme')}
        value={look}
        options={(['system', 'light', 'dark'] as const).map((v) => ({
          value: v,
          label: t(`theme.${v}` as Key),
        }))}
        onChange={(next: Theme) => {
          setTheme(next);
          setLook(next);
        }}
      />
      <div className="grid gap-4 md:grid-cols-2 items-start">
        <Signs />
        <Actions />
        <Inputs />
        <Picks />
        <Verdicts />
        <States />
      </div>
      <Toasts />
    </main>
  );
}

function Signs() {
  return (
    <Card>
      <div className="flex flex-wrap gap-4 items-center">
        <Blossom states={{}} size={72} />
        <Blossom states={{ licence: 'proven', product: 'proven', consent: 'false' }} size={72} />
        <Blossom states={ALL_PROVEN} size={72} />
      </div>
      <div className="flex flex-wrap gap-4">
        {TONES.map((tone) => (
          <Pill key={tone} tone={tone}>
            {t('kit.sample')}
          </Pill>
        ))}
      </div>
      <p className="amount m-0">{yuan('368000')}</p>
    </Card>
  );
}

function Actions() {
  const [open, setOpen] = useState(false);
  return (
    <Card>
      <div className="flex flex-wrap gap-3">
        <Button kind="main" onClick={() => setOpen(true)}>
          {t('kit.open')}
        </Button>
        <Button onClick={() => toast(t('kit.sample'), { label: t('kit.open'), run: () => setOpen(true) })}>
          {t('kit.sample')}
        </Button>
        <Button kind="danger" onClick={() => toast(t('kit.sample'))}>
          {t('visit.cancelBooking')}
        </Button>
        <Button kind="main" busy>
          {t('kit.busy')}
        </Button>
        <Button disabled>{t('kit.off')}</Button>
        <Button kind="quiet">{t('back')}</Button>
      </div>
      <Ask
        open={open}
        onOpenChange={setOpen}
        danger
        title={t('visit.cancelBooking')}
        text={t('visit.cancelText')}
        yes={t('visit.cancelBooking')}
        onYes={() => toast(t('kit.sample'))}
      />
    </Card>
  );
}

function Inputs() {
  const [text, setText] = useState('');
  return (
    <Card>
      <Field label={t('scan.code')} hint={t('kit.hint')} value={text} onValueChange={setText} />
      <Field label={t('visit.code')} large defaultValue="12345" error={t('kit.error')} />
      <Field label={t('desk.note')} lines={2} disabled defaultValue={t('kit.off')} />
    </Card>
  );
}

function Picks() {
  const [one, setOne] = useState<Item | null>(null);
  const [item, setItem] = useState<Item>('kit.one');
  const [on, setOn] = useState(true);
  const named = ITEMS.map((value): { value: Item; label: string } => ({ value, label: t(value) }));
  return (
    <Card>
      <Choice
        legend={t('kit.sample')}
        options={named.map((o, i) => ({ ...o, disabled: i === 2 }))}
        value={one}
        onChange={(value: Item) => setOne(value)}
      />
      <Tick label={t('kit.one')} on={on} onChange={setOn} />
      <Toggle label={t('elder.on')} on={on} onChange={setOn} />
      <Select
        label={t('desk.unit')}
        options={named}
        value={item}
        onChange={(value: Item) => setItem(value)}
      />
    </Card>
  );
}

function Verdicts() {
  return LEVELS.map(([tone, word]) => (
    <Verdict key={tone} tone={tone} word={t(word)} sentence={t('kit.sample')}>
      <p className="m-0 soft">{t('verdict.said', { by: t('brand') })}</p>
      <Details>0x00</Details>
    </Verdict>
  ));
}

function States() {
  return (
    <>
      <Card title={t('visit.title')}>
        <Facts
          rows={[
            [t('visit.where'), t('kit.sample')],
            [t('visit.total'), yuan('368000')],
          ]}
        />
      </Card>
      <Empty text={t('visits.empty')} to="/" action={t('visits.find')} />
      <Refusal error={new Error()} />
      <Waiting what={t('loading')} />
      <Skeleton lines={4} />
    </>
  );
}
