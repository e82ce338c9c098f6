/** The HTTP contract of what moves goods: signed statements of custody. */
import { defineRoute } from '@zhenmei/kernel';
import { z } from 'zod';

const Text = z.object({ zh: z.string(), en: z.string() });
const Hex = z.string().regex(/^0x[0-9a-f]*$/) as z.ZodType<`0x${string}`>;

export const supplyApi = {
  captureSigned: defineRoute({
    method: 'POST',
    path: '/api/signed-events',
    summary: {
      zh: '记录一个由本机构设备签名的事件，例如发货或收货',
      en: 'Capture an event signed by a device of the organisation, e.g. a shipment or receipt',
    },
    auth: 'desk',
    bodyLimit: 2_000_000,
    body: z.object({
      event: z.looseObject({ type: z.string().max(200) }),
      signature: z.string().regex(/^0x[0-9a-f]{128}$/) as z.ZodType<`0x${string}`>,
    }),
    response: { 200: z.object({ digest: Hex, eventID: z.string() }) },
    errors: ['EVENT_INVALID', 'EVENT_NOT_YOURS', 'EVENT_NOT_YOUR_ROLE', 'EVENT_SIGNATURE_WRONG'],
  }),
  readSignatures: defineRoute({
    method: 'GET',
    path: '/api/signed-events/:digest',
    summary: {
      zh: '谁的设备签了这个事件，以及如何核对',
      en: 'Whose devices signed an event, and what to check it with',
    },
    auth: 'public',
    params: z.object({ digest: z.string().regex(/^0x[0-9a-f]{64}$/) as z.ZodType<`0x${string}`> }),
    response: {
      200: z.object({
        event: Hex,
        /** What was signed with ES256. */
        statement: Hex,
        signatures: z.array(
          z.object({
            by: Text,
            gln: z.string(),
            /** Uncompressed P-256 point; the organisation's profile lists the keys of its devices. */
            key: Hex,
            signature: Hex,
            signedAt: z.iso.datetime(),
          }),
        ),
      }),
    },
    errors: [],
  }),
};
export type SupplyApi = typeof supplyApi;
