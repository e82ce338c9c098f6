/** SD-JWT VC Type Metadata (draft-ietf-oauth-sd-jwt-vc §4) of our kinds: what any wallet shows without knowing us. */
import { canonicalJson, sha256, toBase64, utf8 } from '@zhenmei/kernel';
import { kindOf } from './catalogue.ts';

export interface TypeMetadata {
  readonly vct: string;
  readonly name: string;
  readonly display: readonly { readonly locale: string; readonly name: string }[];
  readonly claims: readonly {
    readonly path: readonly string[];
    readonly display: readonly { readonly locale: string; readonly label: string }[];
    readonly sd: 'always' | 'never';
    readonly mandatory: boolean;
  }[];
}

/** null: we do not know this kind. */
export function typeMetadata(vct: string): TypeMetadata | null {
  const kind = kindOf(vct);
  if (!kind) return null;
  return {
    vct,
    name: kind.name.en,
    display: [
      { locale: 'zh-CN', name: kind.name.zh },
      { locale: 'en', name: kind.name.en },
    ],
    claims: Object.entries(kind.claims.shape).map(([name, field]) => ({
      path: [name],
      display: [
        { locale: 'zh-CN', label: kind.labels[name]?.zh ?? name },
        { locale: 'en', label: kind.labels[name]?.en ?? name },
      ],
      sd: kind.selective.includes(name) ? 'always' : 'never',
      mandatory: !(field as { safeParse(value: unknown): { success: boolean } }).safeParse(undefined).success,
    })),
  };
}

/** What `vct#integrity` says of a document in its canonical form: SHA-256 as W3C Subresource Integrity writes it. */
export function integrityOf(metadata: TypeMetadata): string {
  return `sha256-${toBase64(sha256(utf8(canonicalJson(metadata))))}`;
}
