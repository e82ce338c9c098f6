/** Logs that cannot tell secrets, the refusal of marked fields, and an orderly end. */
export { createLogger, type Log, type LoggerOptions, lateLog, redactedNames } from './logger.ts';
export { isMarked, type MarkedPath, markedPaths, REDACTED, redactMarked, refuseMarked } from './marked.ts';
export { createShutdown, type Shutdown, type ShutdownLog, type ShutdownOptions } from './shutdown.ts';
