/** Words around the devices with which an organisation signs in, in English. */
import type { signinZh } from './signin-zh.ts';

export const signinEn: Record<keyof typeof signinZh, string> = {
  'signin.title': 'Sign-in devices',
  'signin.lead':
    'These phones, tablets and computers sign in and sign for your organisation. Keep at least two: when one is lost, another replaces it.',
  'signin.waiting': 'This device waits to be confirmed',
  'signin.waiting.next':
    'It has joined but cannot sign for your organisation yet. On a confirmed device, open “Sign-in devices” and choose “Confirm this device”. This page then updates by itself.',
  'signin.few':
    'Only one device can sign. If it is lost, no device is left to replace it: invite another one now.',
  'signin.inUse': 'In use',
  'signin.number': 'Device {n}',
  'signin.here': 'This device',
  'signin.signs': 'Can sign',
  'signin.unconfirmed': 'Waits to be confirmed',
  'signin.joined': 'Joined: {when}',
  'signin.seen': 'Last used: {when}',
  'signin.seen.never': 'Not signed in now',
  'signin.confirm': 'Confirm this device',
  'signin.confirm.ask': 'Let “{name}” sign for your organisation?',
  'signin.confirm.means':
    'Check first: it joined on {when} and is in the hands of somebody you trust. You confirm with your passkey next.',
  'signin.confirmed': 'Confirmed: it can sign now',
  'signin.rename': 'Rename',
  'signin.rename.label': 'What to call this device',
  'signin.rename.hint': 'For example “Front desk tablet”, so that you know it again.',
  'signin.rename.save': 'Save the name',
  'signin.end': 'Lost or no longer used',
  'signin.end.why': 'Why it is retired',
  'signin.lost': 'Lost',
  'signin.broken': 'Broken',
  'signin.unused': 'No longer used',
  'signin.end.next': 'Which device takes its place',
  'signin.end.nobody': 'None',
  'signin.end.do': 'Retire this device',
  'signin.end.replace': 'Retire and replace',
  'signin.end.ask': 'Retire “{name}”?',
  'signin.end.means':
    'It is signed out at once, can neither sign in nor sign any more, and cannot be brought back. What it signed before stays valid. You confirm with your passkey next.',
  'signin.end.means.self':
    'You are signed out on this device at once, and it cannot be brought back. What it signed before stays valid.',
  'signin.ended': 'Retired',
  'signin.invite': 'Invite another device',
  'signin.invite.lead':
    'A new device joins with a one-time code, valid for seven days. Until you confirm it, it cannot sign for your organisation.',
  'signin.invite.make': 'Make an invitation code',
  'signin.invite.qr': 'QR code of the invitation',
  'signin.invite.code': 'Invitation code',
  'signin.invite.copy': 'Copy the code',
  'signin.invite.copied': 'Copied',
  'signin.invite.done': 'Close',
  'signin.step.scan':
    'On the new device, scan this QR code with the camera. If it cannot scan, open the desk there and type the code below.',
  'signin.step.join': 'On the new device, choose “Join the organisation” and finish with its own passkey.',
  'signin.step.confirm':
    'Come back here: the new device appears in the list above. Choose “Confirm this device”.',
  'signin.past': 'Retired devices',
  'signin.past.when': 'Retired: {when}',
  'signin.past.reason': 'Reason: {reason}',
  'signin.past.reason.none': 'not stated',
  'signin.past.by': 'By “{name}”',
  'signin.past.next': 'Replaced by “{name}”',
};
