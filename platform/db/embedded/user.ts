/** PostgreSQL refuses to run as root. Started as root, we give it to an ordinary user of this system. */
import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';

export interface RunAs {
  readonly uid: number;
  readonly gid: number;
  readonly name: string;
}

/**
 * Whom the database child runs as, or null if we are not root (then as ourselves).
 * @param owner uid that already owns the cluster, if there is one
 */
export function unprivilegedUser(owner: number | null, passwd = '/etc/passwd'): RunAs | null {
  if (process.getuid?.() !== 0) return null;
  const users = readFileSync(passwd, 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .filter((f) => f.length >= 4 && Number(f[2]) > 0)
    .map((f) => ({ name: f[0]!, uid: Number(f[2]), gid: Number(f[3]) }));
  const found =
    users.find((u) => u.uid === owner) ??
    users.find((u) => u.name === 'postgres') ??
    users.find((u) => u.name === 'nobody') ??
    users[0];
  return found ?? { uid: 65_534, gid: 65_534, name: 'nobody' };
}

export function currentUser(): string {
  return userInfo().username;
}
