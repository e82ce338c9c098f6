/** PostgreSQL: the embedded server, connections, migrations, transactions, notifications. */
export { createDatabase, type Database, type DatabaseOptions } from './database.ts';
export type { Log } from './embedded/log.ts';
export { type EmbeddedOptions, type EmbeddedPostgres, startEmbeddedPostgres } from './embedded/supervisor.ts';
export { createListener, type Listener, notify } from './listen.ts';
export { type Migration, type MigrationSet, migrate, pendingMigrations, readMigrations } from './migrate.ts';
export { isSerializationFailure, type TransactionOptions, transaction } from './transaction.ts';
