/** How old somebody says to be: a certificate of the wallet that holds now, else the person's own word where that is enough. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { WalletCredential } from '@zhenmei/client/wallet.ts';
import { CREDENTIAL_TYPES } from '@zhenmei/identity/core/catalogue.ts';
import { verifyCredential } from '@zhenmei/identity/core/verify-credential.ts';
import { toSeconds } from '@zhenmei/kernel';
import { Tick } from '../look/choice.tsx';
import { Pill, Waiting } from '../look/parts.tsx';
import { t } from '../shell/words.ts';
import { now } from '../state/apis.ts';
import { listsOf, trustNow, walletCredentials } from '../state/wallet.ts';

const OF_AGE = 18;

export interface ProvenAge {
  readonly age: number;
  /** Certificates that say it, each with a key of its own. */
  readonly copies: readonly WalletCredential[];
}

async function provenAge(): Promise<ProvenAge | null> {
  const held = (await walletCredentials()).filter(({ vct }) => vct === CREDENTIAL_TYPES.ageOver);
  if (held.length === 0) return null;
  const issuers = await trustNow();
  const judged = await Promise.all(
    held.map(async (one) => {
      const options = { at: toSeconds(now()), issuers, statusLists: await listsOf([one.token]) };
      const { verdict, claims } = await verifyCredential(one.token, options);
      const age = Number(claims?.age);
      return verdict === 'proven' && claims?.reached === true && age >= OF_AGE ? { one, age } : null;
    }),
  );
  const holding = judged.filter((found) => found !== null);
  if (holding.length === 0) return null;
  const age = Math.min(...holding.map((found) => found.age));
  return { age, copies: holding.map(({ one }) => one) };
}

export const useProvenAge = () => useQuery({ queryKey: ['age-proven'], queryFn: provenAge, retry: false });

interface AgeProps {
  /** The region asks for a certificate. */
  readonly asked: boolean;
  readonly minor: boolean;
  onChange(minor: boolean): void;
}

export function AgeStatement({ asked, minor, onChange }: AgeProps) {
  const proven = useProvenAge();
  if (proven.isPending) return <Waiting what={t('loading')} />;
  if (proven.data)
    return (
      <>
        <Pill tone="jade">{t('age.proven', { age: proven.data.age })}</Pill>
        <p className="m-0 soft">{t(asked ? 'age.shown' : 'age.kept')}</p>
      </>
    );
  return (
    <>
      <Tick label={t('minor.under')} on={minor} onChange={onChange} />
      {asked && !minor ? (
        <div className="card flex flex-col items-start gap-3" style={{ borderColor: 'var(--amber)' }}>
          <Pill tone="amber">{t('age.asked')}</Pill>
          <p className="m-0">{t('age.asked.next')}</p>
          <Link to="/wallet" className="btn">
            {t('wallet.title')}
          </Link>
        </div>
      ) : (
        <p className="m-0 soft">{t(minor ? 'minor.means' : 'age.own')}</p>
      )}
    </>
  );
}
