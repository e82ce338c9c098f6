/** The tables of this package (schema `http`). */

export interface HttpSchema {
  'http.session': {
    id: string;
    token_hash: Buffer;
    previous_hash: Buffer | null;
    previous_until: Date | null;
    seat: string;
    account_id: string;
    organisation_id: string | null;
    created_at: Date;
    rotated_at: Date;
    seen_at: Date;
    idle_until: Date;
    expires_at: Date;
  };
  'http.answer': { key_hash: Buffer; body_hash: Buffer; sealed: Buffer | null; started_at: Date };
}

/** For `migrate`. */
export const httpMigrations: { module: string; dir: URL } = {
  module: 'http',
  dir: new URL('./migrations/', import.meta.url),
};
