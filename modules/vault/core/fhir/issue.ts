/** What is wrong with a FHIR resource, and exactly where. Never the value itself, which is somebody's health. */
import { AppError, defineErrors } from '@zhenmei/kernel';

defineErrors({
  FHIR_INVALID: {
    status: 422,
    retryable: false,
    zh: '健康记录不符合 FHIR R4：{path}，{zh}。请更正这一处，或请原机构重新导出。',
    en: 'This health record is not valid FHIR R4: {path}, {en}. Correct it, or ask whoever exported it to do so again.',
  },
});

/** Reasons by code, as people read them; `{detail}` is a name from the standard, never a value. */
export const ISSUE_WORDS = {
  'not-an-object': { zh: '应当是一个对象', en: 'an object is needed' },
  'unknown-resource': { zh: '不是 FHIR R4 的资源类型', en: 'not a resource type of FHIR R4' },
  'not-checked': {
    zh: '这种资源不在检查范围内',
    en: 'this resource type is not among those that are checked',
  },
  'unknown-element': { zh: '标准里没有这个字段', en: 'the standard has no such element' },
  missing: { zh: '缺少必填字段 {detail}', en: 'the required element {detail} is missing' },
  'not-a-list': { zh: '应当是一个列表', en: 'a list is needed' },
  'not-single': { zh: '只能有一个值', en: 'only one value is allowed' },
  'choice-twice': { zh: '{detail} 只能选一种写法', en: 'only one form of {detail} is allowed' },
  'wrong-type': { zh: '类型应当是 {detail}', en: 'the type must be {detail}' },
  format: { zh: '写法不符合 {detail}', en: 'not written as {detail}' },
  'not-in-value-set': { zh: '不在规定的代码表 {detail} 里', en: 'not in the required value set {detail}' },
  reference: { zh: '引用的写法不对', en: 'not a valid reference' },
  'reference-target': { zh: '引用的对象应当是 {detail}', en: 'the reference must lead to {detail}' },
  'reference-nowhere': { zh: '引用的内嵌资源不存在', en: 'the contained resource referred to is not there' },
  empty: { zh: '不能为空', en: 'must not be empty' },
  rule: { zh: '不满足规则 {detail}', en: 'the rule {detail} is not met' },
  profile: { zh: '不符合本平台的约定：{detail}', en: 'not as our profile has it: {detail}' },
  'too-deep': { zh: '嵌套太深', en: 'nested too deeply' },
  'too-large': { zh: '内容太大', en: 'too large' },
} as const;
export type IssueCode = keyof typeof ISSUE_WORDS;

export interface Issue {
  /** As FHIRPath names it: `Bundle.entry[0].resource.status`. */
  readonly path: string;
  readonly code: IssueCode;
  readonly detail: string;
  /** True if it only says that something was not looked at. */
  readonly mild: boolean;
}

export const issueWords = ({ code, detail }: Issue): { zh: string; en: string } => ({
  zh: ISSUE_WORDS[code].zh.replace('{detail}', detail),
  en: ISSUE_WORDS[code].en.replace('{detail}', detail),
});

/** FHIR_INVALID with the first issue. */
export const invalid = (issue: Issue): AppError =>
  new AppError('FHIR_INVALID', { path: issue.path, ...issueWords(issue) });
