import { defineErrors } from '@zhenmei/kernel';

defineErrors({
  DESK_DEVICE_UNKNOWN: {
    status: 404,
    retryable: false,
    zh: '本机构没有这台登录设备，请刷新列表再看。',
    en: 'Your organisation has no such sign-in device. Reload the list and look again.',
  },
  DESK_DEVICE_RETIRED: {
    status: 409,
    retryable: false,
    zh: '这台设备已被本机构停用。如果仍要使用，请用新的邀请码重新加入。',
    en: 'The organisation has retired this device. To use it again, join anew with a new invitation.',
  },
  DESK_DEVICE_NOT_CONFIRMED: {
    status: 403,
    retryable: false,
    zh: '这台设备还没有得到确认，请在已确认的设备上办理。',
    en: 'This device is not confirmed yet. Do this on a device that is.',
  },
  DESK_DEVICE_LAST: {
    status: 409,
    retryable: false,
    zh: '这样会让本机构没有足够的设备可以签署。请先邀请并确认另一台设备。',
    en: 'Too few devices could then sign for your organisation. Invite and confirm another device first.',
  },
  DESK_DEVICE_STILL_SIGNS: {
    status: 409,
    retryable: true,
    zh: '这台设备仍可代表机构签署。请在已确认的设备上用通行密钥完成停用。',
    en: 'This device can still sign for your organisation. Finish on a confirmed device with its passkey.',
  },
});
