/** Handlers around the emergency card, by the names of their contract. */
import { fromBase64Url, type Handlers } from '@zhenmei/kernel';
import type { emergencyRoutes } from '../api-emergency.ts';
import type { VaultContext } from '../app/context.ts';
import { ownCard, pauseCard, renewSheet, switchOffCard, switchOnCard } from '../app/emergency/keep-card.ts';
import { openCard } from '../app/emergency/open-card.ts';
import { answerMisuse, misuseCases, ownCases, sayOfCase } from '../app/emergency/review.ts';
import '../core/emergency/errors.ts';
import { done } from './done.ts';
import { deskOf } from './http-grants.ts';

export function emergencyHandlers(ctx: VaultContext): Handlers<typeof emergencyRoutes> {
  return {
    readEmergencyCard: ({ caller }) => ownCard(ctx, caller!.accountId),
    switchOnEmergencyCard: ({ caller, body: { proofHash, share, ...card } }) =>
      done(
        switchOnCard(ctx, caller!.accountId, {
          ...card,
          proofHash: fromBase64Url(proofHash),
          share: fromBase64Url(share),
        }),
      ),
    renewEmergencySheet: ({ caller, body }) => done(renewSheet(ctx, caller!.accountId, body)),
    pauseEmergencyCard: ({ caller }) => done(pauseCard(ctx, caller!.accountId)),
    switchOffEmergencyCard: ({ caller }) => done(switchOffCard(ctx, caller!.accountId)),
    emergencyCases: ({ caller }) => ownCases(ctx, caller!.accountId),
    sayOfEmergencyCase: ({ caller, params, body }) =>
      done(sayOfCase(ctx, caller!.accountId, params.id, body.said)),
    openEmergencyCard: ({ caller, body }) => openCard(ctx, deskOf(caller), body),
    misuseCases: ({ caller }) => misuseCases(ctx, deskOf(caller).organisation),
    answerMisuse: ({ caller, params, body }) =>
      done(answerMisuse(ctx, deskOf(caller), params.id, body.finding)),
  };
}
