/** Paying by card: where the attempt stands, and the way to the acquirer's page. */
import { useMutation } from '@tanstack/react-query';
import { bearerOf, type PatientVisit } from '@zhenmei/client/patient-steps.ts';
import { type PaymentRails, railsApi } from '@zhenmei/money/rails-api.ts';
import type { z } from 'zod';
import { Button } from '../look/button.tsx';
import { Pill, Refusal, type Tone, Waiting } from '../look/parts.tsx';
import { t, yuan } from '../shell/words.ts';
import { patientApi } from '../state/apis.ts';

const BRANDS = ['UnionPay', 'Visa', 'Mastercard'] as const;

/** As people call it; a brand that we do not know keeps its own name. */
function brandName(brand: string): string {
  const known = BRANDS.find((one) => one === brand);
  return known ? t(`card.brand.${known}`) : brand;
}

type Rails = z.infer<typeof PaymentRails>;
type Card = NonNullable<Rails['card']>;

const TONES: Record<Card['state'], Tone> = {
  open: 'slate',
  challenge: 'amber',
  authorised: 'amber',
  captured: 'jade',
  declined: 'cinnabar',
  voided: 'slate',
};

interface CardPayProps {
  readonly visit: PatientVisit;
  readonly id: `0x${string}`;
  readonly card: Card | null;
  readonly missing: string;
}

export function CardPay({ visit, id, card, missing }: CardPayProps) {
  const begin = useMutation({
    mutationFn: async () => {
      const { url } = await patientApi.call(railsApi.payByCard, {
        params: { id },
        bearer: bearerOf(visit),
        body: {},
      });
      if (url) window.location.assign(url);
    },
  });
  const live = card?.state === 'open' || card?.state === 'challenge';
  const settling = card?.state === 'authorised' || card?.state === 'captured';
  return (
    <>
      <p className="m-0 soft">{t('card.lead')}</p>
      {card ? <CardState card={card} /> : null}
      {settling ? null : (
        <Button kind="main" busy={begin.isPending || begin.isSuccess} onClick={() => begin.mutate()}>
          {live ? t('card.go') : t('card.pay', { amount: yuan(missing) })}
        </Button>
      )}
      {begin.error ? <Refusal error={begin.error} /> : null}
    </>
  );
}

function CardState({ card }: { card: Card }) {
  const text = card.state === 'captured' ? t('card.capturedWait') : t(`card.${card.state}`);
  return (
    <div role="status" className="flex flex-col gap-1">
      {card.state === 'authorised' ? <Waiting what={text} /> : <Pill tone={TONES[card.state]}>{text}</Pill>}
      {card.brand && card.last4 ? (
        <span className="soft">{t('card.which', { brand: brandName(card.brand), last4: card.last4 })}</span>
      ) : null}
    </div>
  );
}
