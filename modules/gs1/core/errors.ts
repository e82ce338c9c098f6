import { defineErrors } from '@zhenmei/kernel';

const bad = (zh: string, en: string) => ({ status: 422, retryable: false, zh, en });

defineErrors({
  GS1_EMPTY: bad('没有读到内容。', 'Nothing was read.'),
  GS1_CHECK_DIGIT: bad('第 {position} 位的校验码不对,可能输错了一位。', 'The check digit at position {position} is wrong; a digit may be mistyped.'),
  GS1_FORMAT: bad('第 {position} 位起的内容不符合 AI({ai})的格式。', 'From position {position} on the content does not fit application identifier ({ai}).'),
  GS1_DATE: bad('第 {position} 位起的日期不存在。', 'The date at position {position} does not exist.'),
  GS1_AI_UNKNOWN: bad('第 {position} 位的应用标识符不认识。', 'The application identifier at position {position} is not known.'),
  GS1_AI_TWICE: bad('应用标识符({ai})出现了两次,内容不同。', 'Application identifier ({ai}) appears twice with different content.'),
  GS1_NO_PRODUCT: bad('代码里没有产品编号(GTIN)。', 'The code has no product number (GTIN).'),
  GS1_NOT_A_CODE: bad('这不是 GS1 代码。如果是药品追溯码或其他机构的编码,请到对应平台查询。', 'This is not a GS1 code. If it is a drug trace code or another agency’s code, ask that authority.'),
});
