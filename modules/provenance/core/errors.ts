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
  NOT_A_MAKER: {
    status: 403,
    retryable: false,
    zh: '只有生产企业能登记产品和批次。',
    en: 'Only a maker registers products and lots.',
  },
  PRODUCT_GTIN_WRONG: {
    status: 422,
    retryable: false,
    zh: '产品编号的校验位不对（{field}）。请对照包装上的 14 位数字。',
    en: 'The check digit of the product number is wrong ({field}). Compare the 14 digits on the package.',
  },
  PRODUCT_STORAGE_WRONG: {
    status: 422,
    retryable: false,
    zh: '储存条件自相矛盾（{field}）：最低温度要低于最高温度，平均动力学温度要在两者之间，时间不能为负。',
    en: 'The storage conditions contradict themselves ({field}): the lowest temperature must be below the highest, the mean kinetic temperature between them, and minutes not negative.',
  },
  PRODUCT_ROUTE_MISSING: {
    status: 422,
    retryable: false,
    zh: '{region} 的批准没有写明使用方式。',
    en: 'The approval for {region} names no route of use.',
  },
  PRODUCT_ROUTE_WRONG: {
    status: 422,
    retryable: false,
    zh: '{region} 的批准不成立：{class} 类医疗器械不能用于注射（{route}）。',
    en: 'The approval for {region} cannot be: a device of class {class} is never injected ({route}).',
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
  EVENT_SIGNATURE_WRONG: {
    status: 422,
    retryable: false,
    zh: '签名与事件不符，或不是本机构的设备签的。',
    en: 'The signature does not fit the event, or no device of this organisation made it.',
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
