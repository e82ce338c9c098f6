/** The devices that sign for an organisation: one more, one in the place of another, one less. */
import { PasskeyAccountAbi } from '@zhenmei/contracts/generated/abis.ts';
import { identityApi } from '@zhenmei/identity/api.ts';
import { type DeviceAct, planChange, type RetireReason } from '@zhenmei/identity/core/device-life.ts';
import type { Hex } from '@zhenmei/kernel';
import { encodeFunctionData } from 'viem';
import { type Desk, operate } from './desk.ts';

/** A device that joined may sign from now on. One passkey prompt. Throws as `planChange`. */
export const confirmDevice = (desk: Desk, id: string): Promise<void> => change(desk, { comes: id });

/**
 * A device ends, and another signs in its place if one is named: one passkey prompt, one operation. After an
 * interruption the same again finishes it. Throws as `planChange`.
 */
export async function retireDevice(
  desk: Desk,
  id: string,
  reason: RetireReason,
  replacedBy: string | null = null,
): Promise<void> {
  await change(desk, { ends: id, ...(replacedBy ? { comes: replacedBy } : {}) });
  // a device that ends itself is signed out by then
  if (id !== desk.deviceId)
    await desk.api.call(identityApi.retireDevice, { params: { id }, body: { reason, replacedBy } });
}

async function change(desk: Desk, act: Omit<DeviceAct, 'by'>): Promise<void> {
  const { devices, threshold } = await desk.api.call(identityApi.listDevices);
  const { add, remove } = planChange(
    { ...act, by: desk.deviceId },
    devices.map(({ id, signer, retiredAt }) => ({ id, signer, retired: retiredAt !== null })),
    { signers: devices.filter(({ confirmed }) => confirmed).map(({ signer }) => signer), threshold },
  );
  const call = (functionName: 'addSigners' | 'removeSigners', signers: readonly Hex[]) =>
    signers.length === 0
      ? []
      : [
          {
            to: desk.account,
            data: encodeFunctionData({ abi: PasskeyAccountAbi, functionName, args: [signers] }),
          },
        ];
  const calls = [...call('addSigners', add), ...call('removeSigners', remove)];
  if (calls.length > 0) await operate(desk, calls);
}
