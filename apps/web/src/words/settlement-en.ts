import type { settlementZh } from './settlement-zh.ts';

/** Words around a clinic's settlement, in English. */
export const settlementEn: Record<keyof typeof settlementZh, string> = {
  'settle.title': 'Settlement',
  'settle.lead': 'What came in, was paid, went back and is still held, day by day and to the cent.',
  'settle.from': 'From',
  'settle.to': 'To',
  'settle.show': 'Show',
  'settle.nothing': 'Nothing moved in this period. It appears here once a patient’s money is held.',
  'settle.in': 'Paid into escrow',
  'settle.paid': 'Paid to the clinic',
  'settle.fee': 'Platform fee',
  'settle.refunded': 'Returned to patients',
  'settle.withdrawn': 'Withdrawn',
  'settle.held': 'Held at the end of the day',
  'settle.credit': 'To be withdrawn at the end of the day',
  'settle.opened': 'New agreements: {n}',
  'settle.csv': 'Download the table',
  'settle.pdf': 'Download PDF',
  'settle.invoices': 'Settlement invoices',
  'settle.noInvoices':
    'No invoices yet. One is made by itself when an agreement is settled, numbered without gaps.',
  'settle.invoice': 'Invoice {label}',
  'settle.notTax': 'Invoices are for settlement; they are not tax invoices.',
  'terms.title': 'What happens to your money, and when',
  'terms.numbers': 'All numbers of the agreement',
  'terms.paper': 'Download agreement and consent',
  'terms.paperLead': 'A PDF in Chinese and English with the signatures of both sides.',
};
