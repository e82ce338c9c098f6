import type { sealZh } from './seal-zh.ts';

/** Words around the seal of papers, in English. */
export const sealEn: Record<keyof typeof sealZh, string> = {
  'seal.own': 'The file carries this platform’s electronic seal; any change made afterwards shows.',
  'seal.ownCertificate':
    'The certificate of the seal is issued by the platform itself; no third party vouches for it.',
  'seal.brought': 'The file carries the electronic seal of {subject}; any change made afterwards shows.',
  'seal.broughtCertificate': 'The certificate of the seal was issued by {issuer}.',
  'seal.certificate': 'Download the seal’s certificate',
};
