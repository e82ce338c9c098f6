import { defineErrors } from '@zhenmei/kernel';

defineErrors({
  DEVICE_UNKNOWN: {
    status: 404,
    retryable: false,
    zh: '本机构没有登记这台设备。',
    en: 'This clinic has no such device.',
  },
  DEVICE_EXISTS: {
    status: 409,
    retryable: false,
    zh: '这台设备已经登记过。',
    en: 'This device is registered already.',
  },
  DEVICE_NOT_IN_STOCK: {
    status: 409,
    retryable: false,
    zh: '这一件不在库存里，请先收货，再登记为设备。',
    en: 'This unit is not in stock. Receive it before you register it as a device.',
  },
  DEVICE_NEEDED: {
    status: 422,
    retryable: false,
    zh: '这个项目要用设备，请选择用的是哪一台。',
    en: 'This procedure uses a device. Choose which one.',
  },
  DEVICE_OTHER_CLASS: {
    status: 409,
    retryable: false,
    zh: '设备 {device} 不是这个项目要用的类型。',
    en: 'Device {device} is not of the kind that this procedure needs.',
  },
  DEVICE_NOT_FIT: {
    status: 409,
    retryable: false,
    zh: '设备 {device} 现在不能用于治疗：{reason}',
    en: 'Device {device} may not be used now: {reason}',
  },
  DEVICE_NONE_FIT: {
    status: 409,
    retryable: false,
    zh: '本机构现在没有可用的设备做这个项目：{reason}',
    en: 'This clinic has no device fit for this procedure now: {reason}',
  },
  DEVICE_SHOTS: {
    status: 422,
    retryable: false,
    zh: '这支治疗头最多 {limit} 发，记录了 {shots} 发。',
    en: 'This tip gives at most {limit} shots; {shots} were recorded.',
  },
  PART_FITTED: {
    status: 409,
    retryable: false,
    zh: '这个部件装在另一台设备上，请先拆下。',
    en: 'This part is fitted to another device. Take it off first.',
  },
  PART_NOT_FITTED: {
    status: 409,
    retryable: false,
    zh: '这个部件没有装在这台设备上。',
    en: 'This part is not fitted to this device.',
  },
  COUNTER_BACKWARDS: {
    status: 422,
    retryable: false,
    zh: '计数只能增加：上次是 {last}，这次是 {value}。请核对设备屏幕。',
    en: 'A counter only goes up: it was {last}, and this says {value}. Look at the device again.',
  },
  COUNTER_OVER_LIMIT: {
    status: 409,
    retryable: false,
    zh: '计数 {value} 超过了上限 {limit}，这个部件不能再用，请更换。',
    en: 'The count {value} is past the limit {limit}. This part may not be used any more; replace it.',
  },
  INSPECTION_NOT_YOURS: {
    status: 403,
    retryable: false,
    zh: '只有设备所在的机构或它的厂家可以登记检查结果。',
    en: 'Only the clinic that has the device, or its maker, can record an inspection.',
  },
  INSPECTION_DATES: {
    status: 422,
    retryable: false,
    zh: '检查日期不能在将来，有效期必须在检查之后；校准必须有有效期。',
    en: 'An inspection is not in the future and ends after it was made; a calibration needs an end.',
  },
});
