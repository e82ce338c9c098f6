/** How old somebody says to be: a certificate of the wallet that holds now, else the person's own word. */
import { useQuery } from '@tanstack/react-query';
import { CREDENTIAL_TYPES } from '@zhenmei/identity/core/catalogue.ts';
import { verifyCredential } from '@zhenmei/identity/core/verify-credential.ts';
import { toSeconds } from '@zhenmei/kernel';
import { Tick } from '../look/choice.tsx';
import { Pill, Waiting } from '../look/parts.tsx';
import { t } from '../shell/words.ts';
import { now } from '../state/apis.ts';
import { listsOf, trustNow, walletCredentials } from '../state/wallet.ts';

const OF_AGE = 18;

/** The first certificate that proves it. */
async function provenAge(): Promise<{ age: number } | null> {
  const held = (await walletCredentials()).filter(({ vct }) => vct === CREDENTIAL_TYPES.ageOver);
  if (held.length === 0) return null;
  const issuers = await trustNow();
  for (const { token } of held) {
    const { verdict, claims } = await verifyCredential(token, {
      at: toSeconds(now()),
      issuers,
      statusLists: await listsOf([token]),
    });
    const age = Number(claims?.age);
    if (verdict === 'proven' && claims?.reached === true && age >= OF_AGE) return { age };
  }
  return null;
}

export function AgeStatement({ minor, onChange }: { minor: boolean; onChange(minor: boolean): void }) {
  const proven = useQuery({ queryKey: ['age-proven'], queryFn: provenAge, retry: false });
  if (proven.isPending) return <Waiting what={t('loading')} />;
  if (proven.data) return <Pill tone="jade">{t('age.proven', { age: proven.data.age })}</Pill>;
  return (
    <>
      <Tick label={t('minor.under')} on={minor} onChange={onChange} />
      <p className="m-0 soft">{t(minor ? 'minor.means' : 'age.own')}</p>
    </>
  );
}
