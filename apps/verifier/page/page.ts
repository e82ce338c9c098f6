/**
 * The verifier as one saved file: works without server and network, from a disk or a stick. It asks for the trust file
 * and for a receipt, the proof of a unit or a certificate's code, and believes nothing else.
 */
import { PARTS } from '@zhenmei/care/core/receipt.ts';
import { parseTrustFile, type TrustFile } from '@zhenmei/evidence/core/trust-file.ts';
import { AppError, fromUtf8 } from '@zhenmei/kernel';
import { reasonTexts } from '@zhenmei/provenance/core/reasons.ts';
import { type CertificateVerification, verifyCertificate } from '../certificate.ts';
import { kindOf } from '../kind.ts';
import type { ProofResult } from '../result.ts';
import { type Verification, verifyReceipt } from '../verify-receipt.ts';
import { UNIT_PARTS, type UnitVerification, verifyUnitProof } from '../verify-unit.ts';

type Lang = 'zh' | 'en';
const WORDS = {
  title: { zh: '核对收据、证明或凭证', en: 'Check a receipt, proof or certificate' },
  lead: {
    zh: '这个页面不联网，也不需要真美的服务器。它只相信你选的信任文件。',
    en: 'This page uses no network and no server of ours. It believes only the trust file that you choose.',
  },
  trust: { zh: '信任文件（zhenmei-trust.json）', en: 'Trust file (zhenmei-trust.json)' },
  trustHelp: {
    zh: '请从你信任的地方取得，比如监管机构，而不是出示收据的人。',
    en: 'Get it from somebody you trust, such as the regulator, not from whoever shows the receipt.',
  },
  receipt: { zh: '收据或单品证明', en: 'Receipt, or proof of a unit' },
  code: {
    zh: '治疗凭证的代码（以 ZMC1: 开头）',
    en: 'Code of a treatment certificate (it begins with ZMC1:)',
  },
  go: { zh: '核对凭证', en: 'Check the certificate' },
  file: { zh: '文件', en: 'File' },
  log: { zh: '公开日志', en: 'Public log' },
  events: { zh: '流转记录', en: 'Records' },
  lot: { zh: '批次', en: 'Lot' },
  registry: { zh: '启用登记', en: 'Openings' },
  approval: { zh: '批准文件', en: 'Approval' },
  notices: { zh: '公告', en: 'Notices' },
  certificate: { zh: '治疗凭证', en: 'Treatment certificate' },
  green: { zh: '✓ 没有发现矛盾', en: '✓ No contradiction found' },
  amber: { zh: '! 需要留意', en: '! Take care' },
  red: { zh: '✗ 不要使用', en: '✗ Do not use it' },
  grey: { zh: '? 无法判断', en: '? Cannot be judged' },
  other: { zh: 'English', en: '中文' },
  print: { zh: '打印', en: 'Print' },
  proof: { zh: '查看依据', en: 'Show me the proof' },
  operatorOnly: {
    zh: '账本状态仅由运营者作证，强度较弱。',
    en: 'The ledger’s state is vouched for by the operator only: a weaker grade.',
  },
  trustBad: { zh: '这不是一份可用的信任文件：', en: 'This is not a usable trust file: ' },
  choose: { zh: '选择文件', en: 'Choose a file' },
  order: { zh: '先选信任文件，再选收据或证明。', en: 'Choose the trust file, then the receipt or proof.' },
  checked: { zh: '核对时间', en: 'Checked at' },
  proven: { zh: '✓ 成立', en: '✓ proven' },
  false: { zh: '✗ 不成立', en: '✗ false' },
  'cannot-judge': { zh: '? 无法判断', en: '? cannot judge' },
  licence: { zh: '资质', en: 'Licence' },
  product: { zh: '产品', en: 'Product' },
  consent: { zh: '知情同意', en: 'Consent' },
  money: { zh: '款项', en: 'Money' },
  review: { zh: '评价权', en: 'Review right' },
} as const;

type Found =
  | { readonly kind: 'receipt'; readonly found: Verification }
  | { readonly kind: 'unit-proof'; readonly found: UnitVerification }
  | { readonly kind: 'certificate'; readonly found: CertificateVerification };

const state: {
  lang: Lang;
  trust: TrustFile | null;
  trustError: { zh: string; en: string } | null;
  result: (Found & { at: string }) | null;
  code: string;
  /** Of the chosen files. */
  readonly names: { trust?: string; receipt?: string };
} = {
  lang: navigator.language.startsWith('zh') ? 'zh' : 'en',
  trust: null,
  trustError: null,
  result: null,
  code: '',
  names: {},
};

const say = (key: keyof typeof WORDS) => WORDS[key][state.lang];

function node<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Record<string, string>,
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function blossom(result: Verification): SVGSVGElement {
  const ns = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(ns, 'svg');
  for (const [key, value] of Object.entries({ viewBox: '-50 -50 100 100', width: '120', height: '120' }))
    svg.setAttribute(key, value);
  svg.setAttribute('aria-hidden', 'true');
  for (const [i, part] of PARTS.entries()) {
    const path = document.createElementNS(ns, 'path');
    path.setAttribute('d', 'M0 -6 C 17 -14, 22 -38, 0 -46 C -22 -38, -17 -14, 0 -6 Z');
    path.setAttribute('transform', `rotate(${i * 72})`);
    path.setAttribute('class', `petal p-${result.proofs[part].verdict}`);
    svg.append(path);
  }
  return svg;
}

function proofCard(name: keyof typeof WORDS, proof: ProofResult): HTMLElement {
  const { verdict, message, grade, code, facts, place } = proof;
  return node(
    'section',
    { class: 'card' },
    node(
      'div',
      { class: 'row' },
      node('h2', {}, say(name)),
      node('strong', { class: verdict, 'data-verdict': verdict }, say(verdict)),
    ),
    node('p', {}, message[state.lang]),
    ...(grade === 'operator-only' ? [node('p', { class: 'soft' }, say('operatorOnly'))] : []),
    node(
      'details',
      {},
      node('summary', {}, say('proof')),
      node('code', {}, `${code} ${place ?? ''} ${facts ? JSON.stringify(facts) : ''}`),
    ),
  );
}

/** The browser's own file button speaks the browser's language, not the page's. */
function picker(
  id: 'trust' | 'receipt',
  label: string,
  help: string | null,
  onFile: (file: File) => void,
): HTMLElement {
  const input = node('input', {
    id,
    type: 'file',
    accept: '.json,.txt,application/json,text/plain',
    'aria-label': label,
  });
  input.addEventListener('change', () => {
    const [file] = input.files ?? [];
    if (!file) return;
    state.names[id] = file.name;
    onFile(file);
  });
  return node(
    'div',
    { class: 'card pick' },
    node('strong', {}, label),
    ...(help ? [node('p', { class: 'soft' }, help)] : []),
    node('label', { class: 'file' }, state.names[id] ?? say('choose'), input),
  );
}

async function readTrust(file: File): Promise<void> {
  try {
    state.trust = parseTrustFile((await file.text()).trim());
    state.trustError = null;
  } catch (error) {
    const named = error instanceof AppError ? error : null;
    state.trust = null;
    state.trustError = named
      ? { zh: named.text('zh-CN'), en: named.text('en') }
      : { zh: '读不懂', en: 'unreadable' };
  }
  state.result = null;
  draw();
}

async function readFile(file: File): Promise<void> {
  if (!state.trust) return;
  const bytes = new Uint8Array(await file.arrayBuffer());
  const input = { bytes, trust: state.trust, now: Date.now() };
  switch (kindOf(bytes)) {
    case 'unit-proof':
      return show({ kind: 'unit-proof', found: await verifyUnitProof(input) });
    case 'certificate':
      return readCode(fromUtf8(bytes));
    case 'receipt':
      return show({ kind: 'receipt', found: await verifyReceipt(input) });
  }
}

async function readCode(text: string): Promise<void> {
  state.code = text;
  if (state.trust) show({ kind: 'certificate', found: await verifyCertificate(text, state.trust) });
}

function show(found: Found): void {
  state.result = { ...found, at: new Date().toISOString() };
  draw();
}

/** What was found, as cards. */
function cards(result: Found): Element[] {
  const { lang } = state;
  switch (result.kind) {
    case 'receipt':
      return [blossom(result.found), ...PARTS.map((part) => proofCard(part, result.found.proofs[part]))];
    case 'unit-proof': {
      const { proofs, verdict, unit } = result.found;
      const first = verdict?.reasons[0];
      const words = first && reasonTexts(first.code, verdict.handovers);
      const head = verdict
        ? [
            node(
              'section',
              { class: 'card' },
              node('h2', { 'data-level': verdict.level }, say(verdict.level)),
              ...(words ? [node('p', {}, words.text[lang]), node('p', {}, words.doNow[lang])] : []),
              node('code', {}, unit ?? ''),
            ),
          ]
        : [];
      return [...head, ...UNIT_PARTS.map((part) => proofCard(part, proofs[part]))];
    }
    case 'certificate': {
      const { proof, use } = result.found;
      const said = use && proof.verdict === 'proven';
      const facts = said
        ? [
            node(
              'p',
              {},
              `${use.unit} · GLN ${use.gln} · ${new Date(use.at).toISOString()} · ${use.amount} ${use.amountUnit}`,
            ),
          ]
        : [];
      return [proofCard('certificate', proof), ...facts];
    }
  }
}

/** A scanner may type here, or a person paste. */
function codeForm(): HTMLElement {
  const input = node('input', {
    id: 'code',
    class: 'text',
    maxlength: '4400',
    autocomplete: 'off',
    'aria-label': say('code'),
  });
  input.value = state.code;
  const form = node(
    'form',
    { class: 'card pick' },
    node('strong', {}, say('code')),
    input,
    node('button', { type: 'submit' }, say('go')),
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void readCode(input.value.trim());
  });
  return form;
}

function draw(): void {
  const { lang, result, trust, trustError } = state;
  document.documentElement.lang = lang === 'zh' ? 'zh-CN' : 'en';
  document.title = say('title');
  const other = node('button', { type: 'button' }, say('other'));
  other.addEventListener('click', () => {
    state.lang = lang === 'zh' ? 'en' : 'zh';
    draw();
  });
  const print = node('button', { type: 'button' }, say('print'));
  print.addEventListener('click', () => window.print());
  const results = node('div', { role: 'status', 'aria-live': 'polite' });
  results.style.cssText = 'display:grid;gap:16px';
  if (result)
    results.append(...cards(result), node('p', { class: 'soft' }, `${say('checked')} ${result.at}`), print);
  document.querySelector('main')!.replaceChildren(
    node('header', {}, node('h1', {}, say('title')), other),
    node('p', { class: 'soft' }, say('lead')),
    picker('trust', say('trust'), say('trustHelp'), (file) => void readTrust(file)),
    ...(trustError ? [node('p', { class: 'false', role: 'alert' }, say('trustBad') + trustError[lang])] : []),
    ...(trust
      ? [picker('receipt', say('receipt'), null, (file) => void readFile(file)), codeForm()]
      : [node('p', { class: 'soft' }, say('order'))]),
    results,
  );
}

draw();
