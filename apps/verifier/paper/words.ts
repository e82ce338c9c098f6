/** What is found about a sealed paper, in both languages. */
import { defineErrors } from '@zhenmei/kernel';

const said = (zh: string, en: string) => ({ status: 422, retryable: false, zh, en });
const good = (zh: string, en: string) => ({ status: 200, retryable: false, zh, en });

defineErrors({
  SEAL_PROVEN: good(
    '文件章覆盖整个文件，盖章之后没有改动。',
    'The seal covers the whole file, and nothing was changed since.',
  ),
  SEAL_OWNER_PROVEN: good(
    '盖章的证书就是你给出的证书，或由它签发（{subject}）。',
    'The seal was made with the certificate that you gave, or one that it issued ({subject}).',
  ),
  SEAL_OWNER_OTHER: said(
    '盖章的不是你给出的证书（盖章证书 {subject}，指纹 {fingerprint}）。请向出具方核实。',
    'The seal was made with another certificate than the one you gave ({subject}, {fingerprint}). Ask whoever made the paper.',
  ),
  SEAL_OWNER_PERIOD: said(
    '盖章时证书不在有效期内。请向出具方要一份重新盖章的文件。',
    'The certificate was not valid when the paper was sealed. Ask for the paper under a valid one.',
  ),
  SEAL_OWNER_UNNAMED: said(
    '没有给出证书，无法判断是谁盖的章（证书自称 {subject}，指纹 {fingerprint}）。请从你信任的地方取得证书，用 --certificate 给出。',
    'No certificate was given, so nobody can say who sealed it (it calls itself {subject}, {fingerprint}). Get the certificate from where you trust it and give it with --certificate.',
  ),
  CERTIFICATE_FILE_INVALID: said(
    '证书文件 {file} 里没有证书。需要 PEM 格式。',
    'There is no certificate in {file}. It must be PEM.',
  ),
  PAPER_FILE_WRONG: said(
    '附件不是一份合同（{what}）。请索取原件。',
    'The attached file is not an agreement ({what}). Ask for the original.',
  ),
  PAPER_TERMS_DIFFER: said(
    '条款算出的编号与合同编号不同：条款被换过。',
    'The terms do not give the number of the agreement: they were exchanged.',
  ),
  PAPER_TOTAL_DIFFERS: said(
    '报价的合计与条款里的金额不同。',
    'The quote does not add up to the amounts of the terms.',
  ),
  PAPER_CONSENT_DIFFERS: said(
    '同意书的文字、版本或答题与签署的不同。',
    'The text, version or answers of the consent are not those that were signed.',
  ),
  PAPER_STEPS_WRONG: said(
    '签署的步骤不完整或属于另一份合同。',
    'The signed steps are incomplete or belong to another agreement.',
  ),
  PAPER_PATIENT_WRONG: said(
    '患者的签名不成立，或不是合同里的那把钥匙签的。',
    'The patient’s signature does not hold, or another key than the agreement’s made it.',
  ),
  PAPER_DEVICE_WRONG: said('机构设备的签名不成立。', 'The signature of the clinic’s device does not hold.'),
  PAPER_ACCOUNT_WRONG: said('机构账户的签名不成立。', 'The signature of the clinic’s account does not hold.'),
  PAPER_PRINT_DIFFERS: said(
    '印出来的文字与签署的内容不同（从“{near}”起）。请以附件为准并向出具方核实。',
    'What is printed is not what was signed (from “{near}” on). Ask whoever made the paper.',
  ),
  PAPER_DRAWN_OTHERWISE: said(
    '页面上的文字与签署的相同，但画法与真美打印的不同（{what}），看到的可能是别的内容；也可能是别的版本打印的。请以附件为准，并向出具方索取新打印的文件。',
    'The pages carry the text that was signed but are not drawn as this printer draws them ({what}): something else may be seen, or another version printed them. Rely on the attached file, and ask for a fresh print.',
  ),
  PAPER_AGREEMENT_PROVEN: good(
    '条款、同意书和答题就是合同编号所指的那些；报价的合计与条款相符。',
    'Terms, consent and answers are those that the number of the agreement stands for; the quote adds up to the terms.',
  ),
  PAPER_PATIENT_PROVEN: good(
    '患者签署了这份合同和这个版本的同意书。',
    'The patient signed this agreement and this version of the consent.',
  ),
  PAPER_CLINIC_PROVEN: good(
    '机构的设备和账户都签署了这份合同；账户的钥匙是否属于机构，以账本和资质为准。',
    'Device and account of the clinic signed this agreement; that their keys are the clinic’s own is for its licence and the ledger to say.',
  ),
  PAPER_PRINT_PROVEN: good(
    '印出来的每个字都与签署的内容相符；按同样内容重新打印，每一页的文字、线条和字形都相同。',
    'Every printed word is what follows from what was signed; printed again, text, lines and shapes of letters are the same on every page.',
  ),
});
