/** The page of the demo's acquirer: it takes test cards by name and no number of anybody's. */
import { defineRoute } from '@zhenmei/kernel';
import { z } from 'zod';

const Payment = z.object({ number: z.string().regex(/^PAY-[0-9A-F]{12}$/) });
const State = z.enum(['open', 'challenge', 'authorised', 'captured', 'declined', 'voided']);
const Page = z.object({
  state: State,
  amount: z.string(),
  currency: z.string(),
  /** Where the payer came from. */
  returnTo: z.url(),
});

export const demoCardApi = {
  readCardPage: defineRoute({
    method: 'GET',
    path: '/api/demo/cards/:number',
    summary: { zh: '演示收单机构：付款页', en: 'Demo acquirer: its page' },
    auth: 'public',
    params: Payment,
    response: { 200: Page },
    errors: ['CARD_UNAVAILABLE'],
  }),
  presentCard: defineRoute({
    method: 'POST',
    path: '/api/demo/cards/:number/card',
    summary: { zh: '演示收单机构：选一张测试卡', en: 'Demo acquirer: choose a test card' },
    auth: 'public',
    params: Payment,
    body: z.strictObject({ card: z.enum(['plain', 'challenge', 'declined', 'late']) }),
    response: { 200: Page },
    errors: ['CARD_UNAVAILABLE'],
  }),
  answerChallenge: defineRoute({
    method: 'POST',
    path: '/api/demo/cards/:number/challenge',
    summary: { zh: '演示收单机构：发卡行验证', en: 'Demo acquirer: answer the bank’s question' },
    auth: 'public',
    params: Payment,
    body: z.strictObject({ yes: z.boolean() }),
    response: { 200: Page },
    errors: ['CARD_UNAVAILABLE'],
  }),
};
