export * from './core/bytes.ts';
export * from './core/errors.ts';
export * from './core/hash.ts';
export * from './core/ids.ts';
export * from './core/json.ts';
export * from './core/money.ts';
export * from './core/route.ts';
export * from './core/time.ts';
