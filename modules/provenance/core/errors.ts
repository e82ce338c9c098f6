import { defineErrors } from '@zhenmei/kernel';

defineErrors({
  PRODUCT_UNKNOWN: {
    status: 404,
    retryable: false,
    zh: '没有登记过这个产品。',
    en: 'This product is not registered.',
  },
  PRODUCT_EXISTS: {
    status: 409,
    retryable: false,
    zh: '这个产品编号已由其他厂家登记。',
    en: 'This product number is registered by another maker.',
  },
  LOT_EXISTS: {
    status: 409,
    retryable: false,
    zh: '这个批号已登记，内容不同。',
    en: 'This lot is registered with other content.',
  },
  EVENT_NOT_YOURS: {
    status: 403,
    retryable: false,
    zh: '你只能记录发生在自己场所的事。',
    en: 'You can only record what happens at your own site.',
  },
  XML_INVALID: {
    status: 400,
    retryable: false,
    zh: 'XML 在第 {position} 个字符处不正确。',
    en: 'The XML is wrong at character {position}.',
  },
  XML_REFUSED: {
    status: 400,
    retryable: false,
    zh: '出于安全，不读取这样的 XML（{reason}）。',
    en: 'For safety such XML is not read ({reason}).',
  },
  EPCIS_NOT_A_DOCUMENT: {
    status: 400,
    retryable: false,
    zh: '这不是 EPCIS 文档。',
    en: 'This is not an EPCIS document.',
  },
  EVENT_NOT_YOUR_ROLE: {
    status: 403,
    retryable: false,
    zh: '你的机构类型不能记录这一步（{step}）。',
    en: 'An organisation of your kind cannot record this step ({step}).',
  },
  QUERY_INVALID: {
    status: 400,
    retryable: false,
    zh: '查询参数 {name} 不正确。',
    en: 'The query parameter {name} is wrong.',
  },
  FACTS_INVALID: {
    status: 400,
    retryable: false,
    zh: '判断所需的事实不完整或不正确：{path}',
    en: 'The facts for a verdict are missing or wrong: {path}',
  },
  EVENT_INVALID: {
    status: 400,
    retryable: false,
    zh: '事件不符合 EPCIS 2.0：{path} {reason}',
    en: 'The event does not follow EPCIS 2.0: {path} {reason}',
  },
});
