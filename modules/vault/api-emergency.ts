/** Routes around the emergency card: the patient's switch, the doctor's opening, and the review of every opening. */
import { defineRoute } from '@zhenmei/kernel';
import { z } from 'zod';
import { Ok } from './api-devices.ts';
import { Cipher, MB } from './api-objects.ts';
import { EMERGENCY_REASONS } from './core/emergency/card.ts';
import { FINDINGS, REVIEW_STATES, VERDICTS } from './core/emergency/review.ts';

const CardName = z.string().regex(/^[A-Za-z0-9_-]{32}$/);
const Secret32 = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
const SHEET = 100_000;
const Id = z.object({ id: z.uuid() });
const Bilingual = z.object({ zh: z.string(), en: z.string() });

export const emergencyRoutes = {
  readEmergencyCard: defineRoute({
    method: 'GET',
    path: '/api/vault/emergency/card',
    summary: { zh: '正在使用的急救卡', en: 'The emergency card that is on' },
    auth: 'patient',
    response: {
      200: z.object({
        card: z
          .object({
            name: CardName,
            of: z.int().min(1),
            guardians: z.boolean(),
            madeAt: z.iso.datetime(),
            endsAt: z.iso.datetime(),
            /** What it shows was withdrawn; it shows nothing until there is something again. */
            paused: z.boolean(),
            /** How often it may still be opened. */
            left: z.int().min(0),
          })
          .nullable(),
      }),
    },
    errors: [],
  }),
  switchOnEmergencyCard: defineRoute({
    method: 'PUT',
    path: '/api/vault/emergency/card',
    summary: { zh: '开启急救卡，旧卡作废', en: 'Switch an emergency card on; the one before ends' },
    auth: 'patient',
    perMinute: 20,
    body: z.strictObject({
      name: CardName,
      /** SHA-256 of the card's proof. */
      proofHash: Secret32,
      /** The gatekeeper's half. */
      share: Secret32,
      sheet: Cipher(SHEET),
      guardians: z.boolean(),
    }),
    response: { 200: Ok },
    errors: ['EMERGENCY_CARD_CHANGED', 'ACCESS_LOG_CLOSED'],
    bodyLimit: 0.3 * MB,
  }),
  renewEmergencySheet: defineRoute({
    method: 'POST',
    path: '/api/vault/emergency/card/sheets',
    summary: {
      zh: '保险箱有变化：更新急救卡的密文',
      en: 'The vault changed: new ciphertext under the same card',
    },
    auth: 'patient',
    body: z.strictObject({ name: CardName, of: z.int().min(2), sheet: Cipher(SHEET) }),
    response: { 200: Ok },
    errors: ['EMERGENCY_CARD_UNKNOWN', 'EMERGENCY_CARD_CHANGED'],
    bodyLimit: 0.3 * MB,
  }),
  pauseEmergencyCard: defineRoute({
    method: 'DELETE',
    path: '/api/vault/emergency/card/sheets',
    summary: {
      zh: '撤下急救卡的内容，卡暂停使用',
      en: 'Withdraw what the emergency card shows; it is paused',
    },
    auth: 'patient',
    response: { 200: Ok },
    errors: [],
  }),
  switchOffEmergencyCard: defineRoute({
    method: 'DELETE',
    path: '/api/vault/emergency/card',
    summary: { zh: '立即停用急救卡', en: 'Switch the emergency card off, at once' },
    auth: 'patient',
    response: { 200: Ok },
    errors: [],
  }),
  emergencyCases: defineRoute({
    method: 'GET',
    path: '/api/vault/emergency/cases',
    summary: { zh: '我的急救卡被谁打开过', en: 'Who opened my emergency card' },
    auth: 'patient',
    response: {
      200: z.object({
        cases: z.array(
          z.object({
            id: z.uuid(),
            person: z.uuid(),
            organisation: z.uuid(),
            reason: z.enum(EMERGENCY_REASONS),
            at: z.iso.datetime(),
            state: z.enum(REVIEW_STATES),
          }),
        ),
      }),
    },
    errors: [],
  }),
  sayOfEmergencyCase: defineRoute({
    method: 'POST',
    path: '/api/vault/emergency/cases/:id/verdict',
    summary: { zh: '患者说：应该，或是滥用', en: 'The patient says: right, or misuse' },
    auth: 'patient',
    params: Id,
    body: z.strictObject({ said: z.enum(VERDICTS) }),
    response: { 200: Ok },
    errors: ['EMERGENCY_CASE_UNKNOWN', 'EMERGENCY_CASE_CLOSED'],
  }),
  openEmergencyCard: defineRoute({
    method: 'POST',
    path: '/api/vault/desk/emergency/openings',
    summary: {
      zh: '急救医生打开急救卡：先记录并通知患者，再给出钥匙的一半',
      en: 'An emergency doctor opens a card: logged and told first, then half of the key is released',
    },
    auth: 'desk',
    perMinute: 20,
    body: z.strictObject({
      request: z.uuid(),
      card: CardName,
      proof: Secret32,
      reason: z.enum(EMERGENCY_REASONS),
      presentation: z.string().max(64_000),
    }),
    response: { 200: z.object({ part: Secret32, of: z.int().min(1), sheet: Cipher(SHEET) }) },
    errors: [
      'EMERGENCY_LICENCE',
      'EMERGENCY_CARD_UNKNOWN',
      'EMERGENCY_CARD_ENDED',
      'EMERGENCY_CARD_PAUSED',
      'EMERGENCY_CARD_LIMIT',
      'EMERGENCY_CARD_SPENT',
      'EMERGENCY_DOCTOR_LIMIT',
      'ACCESS_LOG_CLOSED',
    ],
    bodyLimit: 0.1 * MB,
  }),
  misuseCases: defineRoute({
    method: 'GET',
    path: '/api/vault/desk/emergency/misuse',
    summary: { zh: '患者认为是滥用的急救查看', en: 'Openings that patients call misuse' },
    auth: 'desk',
    response: {
      200: z.object({
        cases: z.array(
          z.object({
            id: z.uuid(),
            person: z.uuid(),
            organisation: z.object({ id: z.uuid(), name: Bilingual }),
            at: z.iso.datetime(),
            lately: z.int(),
          }),
        ),
      }),
    },
    errors: ['EMERGENCY_NOT_REGULATOR'],
  }),
  answerMisuse: defineRoute({
    method: 'POST',
    path: '/api/vault/desk/emergency/misuse/:id/answer',
    summary: { zh: '监管机构答复', en: 'The regulator answers' },
    auth: 'desk',
    params: Id,
    body: z.strictObject({ finding: z.enum(FINDINGS) }),
    response: { 200: Ok },
    errors: ['EMERGENCY_NOT_REGULATOR', 'EMERGENCY_CASE_UNKNOWN', 'EMERGENCY_CASE_CLOSED'],
  }),
};
