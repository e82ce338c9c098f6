/** The HTTP contract of energy devices: register, fit, count, inspect, and the card that patients see. */
import { defineRoute } from '@zhenmei/kernel';
import { z } from 'zod';
import { DEVICE_CLASSES, INSPECTION_KINDS } from './core/device.ts';
import { Bilingual } from './core/quote.ts';
import { Bytes32 } from './core/steps.ts';
import { At, Person, Signature, Unit } from './core/stock-views.ts';

const Shots = z.int().min(0).max(100_000_000);
const SIGNED = ['STOCK_NEEDS_CLINIC', 'STATEMENT_SIGNATURE_WRONG', 'STATEMENT_TIME_WRONG', 'DEVICE_UNKNOWN'];

const Part = z.object({
  unit: Unit,
  serial: z.string(),
  name: Bilingual,
  shots: z.int(),
  shotLimit: z.int().nullable(),
});

export const DeviceCard = z.object({
  unit: Unit,
  serial: z.string(),
  name: Bilingual,
  deviceClass: z.enum(DEVICE_CLASSES),
  lastServiceAt: At.nullable(),
  calibratedUntil: At.nullable(),
  calibrationValid: z.boolean(),
});
export type DeviceCard = z.infer<typeof DeviceCard>;

export const DeviceView = DeviceCard.extend({
  shots: z.int(),
  /** May it be used now, and if not why (the rules of the region)? */
  fit: z.boolean(),
  reasons: z.array(z.object({ rule: z.string(), reason: Bilingual, next: Bilingual })),
  parts: z.array(Part),
  inspections: z.array(
    z.object({
      kind: z.enum(INSPECTION_KINDS),
      performedAt: At,
      validUntil: At.nullable(),
      passed: z.boolean(),
      certificate: z.string(),
      inspector: z.string().meta({ phi: true }),
      signedBy: Bilingual.nullable(),
      event: Bytes32,
    }),
  ),
});
export type DeviceView = z.infer<typeof DeviceView>;

const Act = { person: Person, at: At, signature: Signature };

export const deviceApi = {
  devices: defineRoute({
    method: 'GET',
    path: '/api/desk/devices',
    summary: { zh: '机构的能量设备', en: 'The energy devices of this clinic' },
    auth: 'desk',
    response: { 200: z.object({ devices: z.array(DeviceView), spareParts: z.array(Part) }) },
    errors: ['STOCK_NEEDS_CLINIC'],
  }),
  registerDevice: defineRoute({
    method: 'POST',
    path: '/api/desk/devices',
    summary: { zh: '把库存里的一件登记为设备或部件', en: 'Register a unit from stock as a device or a part' },
    auth: 'desk',
    body: z.object({ unit: Unit, deviceClass: z.enum(DEVICE_CLASSES).nullable(), ...Act }),
    response: { 200: z.object({}) },
    errors: [...SIGNED, 'DEVICE_EXISTS', 'DEVICE_NOT_IN_STOCK'],
  }),
  fitPart: defineRoute({
    method: 'POST',
    path: '/api/desk/devices/fittings',
    summary: { zh: '装上或拆下手具、治疗头', en: 'Fit a handpiece or tip, or take it off' },
    auth: 'desk',
    body: z.object({ console: Unit, part: Unit, on: z.boolean(), ...Act }),
    response: { 200: z.object({}) },
    errors: [...SIGNED, 'PART_FITTED', 'PART_NOT_FITTED'],
  }),
  recordReading: defineRoute({
    method: 'POST',
    path: '/api/desk/devices/readings',
    summary: { zh: '登记发数', en: 'Record a counter' },
    auth: 'desk',
    body: z.object({ unit: Unit, value: Shots, ...Act }),
    response: { 200: z.object({}) },
    errors: [...SIGNED, 'COUNTER_BACKWARDS', 'COUNTER_OVER_LIMIT'],
  }),
  recordInspection: defineRoute({
    method: 'POST',
    path: '/api/desk/devices/inspections',
    summary: {
      zh: '登记校准、保养或维修的结果（机构或厂家签名）',
      en: 'Record a calibration, service or repair, signed by the clinic or the maker',
    },
    auth: 'desk',
    body: z.object({
      clinicId: z.uuid(),
      unit: Unit,
      kind: z.enum(INSPECTION_KINDS),
      performedAt: At,
      validUntil: At.nullable(),
      passed: z.boolean(),
      certificate: z.string().trim().min(1).max(80),
      inspector: Person,
      signature: Signature,
    }),
    response: { 200: z.object({}) },
    errors: ['STATEMENT_SIGNATURE_WRONG', 'DEVICE_UNKNOWN', 'INSPECTION_NOT_YOURS', 'INSPECTION_DATES'],
  }),
  deviceCard: defineRoute({
    method: 'GET',
    path: '/api/devices/card',
    summary: {
      zh: '设备卡：序列号、最近保养、校准',
      en: 'Card of a device: serial number, last service, calibration',
    },
    auth: 'public',
    query: z.object({ unit: Unit }),
    response: { 200: DeviceCard.extend({ clinic: Bilingual }) },
    errors: ['DEVICE_UNKNOWN'],
  }),
};
export type DeviceApi = typeof deviceApi;
