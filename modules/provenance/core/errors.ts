import { defineErrors } from '@zhenmei/kernel';

defineErrors({
  PRODUCT_UNKNOWN: { status: 404, retryable: false, zh: '没有登记过这个产品。', en: 'This product is not registered.' },
  PRODUCT_EXISTS: { status: 409, retryable: false, zh: '这个产品编号已由其他厂家登记。', en: 'This product number is registered by another maker.' },
  LOT_EXISTS: { status: 409, retryable: false, zh: '这个批号已登记,内容不同。', en: 'This lot is registered with other content.' },
  EVENT_NOT_YOURS: { status: 403, retryable: false, zh: '你只能记录发生在自己场所的事。', en: 'You can only record what happens at your own site.' },
  EVENT_INVALID: { status: 400, retryable: false, zh: '事件不符合 EPCIS 2.0:{path}', en: 'The event does not follow EPCIS 2.0: {path}' },
});
