/** Ways to pay beside the custodian: what a visit's region and clinic provide for, and the demo's acquirer of cards. */
import { type IdentityContext, organisations } from '@zhenmei/identity';
import { derive, type Hex } from '@zhenmei/kernel';
import { type CardPort, type DemoAcquirer, demoAcquirer, type MoneyContext } from '@zhenmei/money';
import { type PaymentRail, packsOf, paymentRails } from '@zhenmei/policy';
import type { ModuleDeps } from './deps.ts';

/** The shape of a visit's row that is needed here; care owns the table, this is a read model. */
interface VisitPlace {
  'care.visit': { id: string; agreement_id: Hex | null; clinic_id: string };
}

/** The acquirer that the demo brings with it. */
export const demoAcquirerOf = ({ engines, secrets, config, clock }: ModuleDeps): DemoAcquirer => ({
  db: engines.database.as(),
  secret: derive(secrets.paymentSeed, 'zhenmei/demo-acquirer'),
  now: () => clock.now(),
  pageOf: (number) => new URL(`/card-demo/${number}`, config.publicUrl).href,
});

/** Only the demo's acquirer is built; a house without the demo takes no cards. */
export const cardPort = (deps: ModuleDeps): CardPort | null =>
  deps.config.demo ? demoAcquirer(demoAcquirerOf(deps)) : null;

export function railFacts(
  { engines, config }: ModuleDeps,
  identity: IdentityContext,
): Pick<MoneyContext, 'railsOf' | 'railsOfClinic'> {
  const railsIn = (region: string): readonly PaymentRail[] => paymentRails(packsOf(region));
  return {
    async railsOf(agreement) {
      const visit = await engines.database
        .as<VisitPlace>()
        .selectFrom('care.visit')
        .select(['id', 'clinic_id'])
        .where('agreement_id', '=', agreement)
        .executeTakeFirst();
      const [clinic] = visit ? await organisations(identity, { kind: 'clinic', id: visit.clinic_id }) : [];
      if (!visit || !clinic?.account) return null;
      return {
        clinic: clinic.account,
        rails: railsIn(clinic.region),
        page: new URL(`/visits/${visit.id}`, config.publicUrl).href,
      };
    },
    async railsOfClinic(account) {
      const found = (await organisations(identity, { kind: 'clinic' })).find(
        (one) => one.account === account,
      );
      return found ? railsIn(found.region) : [];
    },
  };
}
