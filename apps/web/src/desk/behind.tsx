/** Who stands behind promises, in plain words: what is open, what is off and why, and who pays of one promise. */
import type { CoverView, ProfileView } from '@zhenmei/money/guarantee-api.ts';
import { Pill } from '../look/parts.tsx';
import { isChinese, say, t, yuan } from '../shell/words.ts';

/** Why a way is off, and what to do instead; nothing for one that is open. */
export function WhyOff({ of }: { of: ProfileView }) {
  if (of.state === 'on') return null;
  const why =
    of.state === 'not-here'
      ? of.reason
        ? say(of.reason)
        : t('backing.why.unknown')
      : t(of.profile === 'pool' ? 'backing.why.pool' : 'backing.why.insurer');
  return (
    <p className="m-0 soft">
      {why}
      {of.next ? `${isChinese() ? '' : ' '}${say(of.next)}` : null}
    </p>
  );
}

/** One way with its state; a licensed company by its name. */
export function ProfileLine({ of }: { of: ProfileView }) {
  return (
    <div className="flex flex-col gap-1 border-t border-line pt-3 first-of-type:border-0">
      <div className="flex flex-wrap gap-2 items-center">
        <span className="font-semibold">{t(`backing.${of.profile}`)}</span>
        <Pill tone={of.state === 'on' ? 'jade' : 'slate'}>{t(`backing.state.${of.state}`)}</Pill>
      </div>
      {of.insurers.map(({ account, name }) => (
        <span key={account}>{t('insurer.behind', { name: say(name) })}</span>
      ))}
      <WhyOff of={of} />
    </div>
  );
}

/** From which money a promise is paid, in the order in which it is. */
export function whoPays({ backing }: Pick<CoverView, 'backing'>): string {
  const parts = { first: yuan(backing.firstLoss), backed: yuan(backing.backed) };
  if (backing.profile === 'insurer')
    return t('insurer.pays', { ...parts, name: backing.name ? say(backing.name) : '' });
  return backing.profile === 'pool' ? t('backing.pays.pool', parts) : t('guarantee.bonded.text');
}
