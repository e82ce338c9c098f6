/** The first thing that is wrong with clinical data, with its exact path. */
import type { z } from 'zod';

/** @returns `entry[0].resource.status` and what is wrong there; never the value itself, which is somebody's health */
export function issueText(error: z.ZodError): { path: string; reason: string } {
  const issue = error.issues[0]!;
  const path = issue.path.reduce<string>(
    (text, key) => text + (typeof key === 'number' ? `[${key}]` : `${text && '.'}${String(key)}`),
    '',
  );
  const reason =
    issue.code === 'unrecognized_keys' ? `unknown field ${issue.keys.join(', ')}` : issue.message;
  return { path: path || '(root)', reason };
}
