import { useState } from 'react';
import { Switches } from '../shell/switches.tsx';
import { type Key, t } from '../shell/words.ts';

const STEPS: readonly Key[] = ['try.1', 'try.2', 'try.3', 'try.4', 'try.5', 'try.6'];

/** A patient's phone and a clinic's tablet side by side; on a phone one at a time. */
export function TryPage() {
  const [shown, setShown] = useState<'phone' | 'tablet'>('tablet');
  return (
    <main className="min-h-dvh p-4 flex flex-col gap-3 max-w-[1500px] mx-auto">
      <title>{`${t('try.title')} · ${t('brand')}`}</title>
      <div className="flex justify-between items-start gap-4">
        <div>
          <h1 className="text-2xl font-semibold m-0">{t('try.title')}</h1>
          <p className="soft m-0">{t('try.lead')}</p>
        </div>
        <Switches />
      </div>
      <ol className="soft m-0 pl-5 text-sm list-decimal grid gap-x-6 md:grid-cols-2 xl:grid-cols-3">
        {STEPS.map((step) => (
          <li key={step}>{t(step)}</li>
        ))}
      </ol>
      <div className="flex gap-2 lg:hidden">
        {(['phone', 'tablet'] as const).map((which) => (
          <button
            key={which}
            type="button"
            aria-pressed={shown === which}
            className={`btn flex-1 ${shown === which ? 'btn-main' : ''}`}
            onClick={() => setShown(which)}
          >
            {t(which === 'phone' ? 'try.patient' : 'try.clinic')}
          </button>
        ))}
      </div>
      <div className="flex gap-6 justify-center flex-1">
        <iframe
          title={t('try.patient')}
          src="/"
          className={`${shown === 'phone' ? 'block' : 'hidden'} lg:block w-full lg:w-[410px] h-[80dvh] min-h-[560px] rounded-3xl border-8 border-line bg-paper`}
          allow="publickey-credentials-create; publickey-credentials-get; camera"
        />
        <iframe
          title={t('try.clinic')}
          src="/desk"
          className={`${shown === 'tablet' ? 'block' : 'hidden'} lg:block w-full lg:flex-1 lg:max-w-[820px] h-[80dvh] min-h-[560px] rounded-3xl border-8 border-line bg-paper`}
          allow="publickey-credentials-create; publickey-credentials-get"
        />
      </div>
    </main>
  );
}
