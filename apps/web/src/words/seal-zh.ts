/** Words around the seal of papers, in Chinese. */
export const sealZh = {
  'seal.own': '文件盖有本平台的电子文件章，盖章之后改动任何一处都能查出。',
  'seal.ownCertificate': '文件章的证书由平台自己签发，没有第三方机构为它作证。',
  'seal.brought': '文件盖有{subject}的电子文件章，盖章之后改动任何一处都能查出。',
  'seal.broughtCertificate': '文件章的证书由{issuer}签发。',
  'seal.certificate': '下载文件章证书',
} as const;
