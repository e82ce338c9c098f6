/** Papers that only the composition can make: they tell of a visit and of its money at once. */
import { defineRoute } from '@zhenmei/kernel';
import { PaperFile } from '@zhenmei/money/settlement-api.ts';
import { z } from 'zod';

export const paperApi = {
  agreementPaper: defineRoute({
    method: 'GET',
    path: '/api/visits/:id/agreement',
    summary: {
      zh: '合同与同意书，PDF，含双方签名',
      en: 'Agreement and consent as PDF, with the signatures of both sides',
    },
    auth: 'public',
    params: z.object({ id: z.uuid() }),
    response: { 200: PaperFile },
    errors: ['VISIT_UNKNOWN', 'AGREEMENT_NOT_SIGNED'],
  }),
};
export type PaperApi = typeof paperApi;
