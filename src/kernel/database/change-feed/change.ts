/** What kind of thing changed so that what processes remember about it is no longer true. */
export type ChangeKind =
  | 'user'
  | 'service'
  | 'group'
  | 'role'
  | 'department'
  | 'session'
  | 'key'
  | 'tenant'
  | 'policy'
  | 'signing_key'
  | 'settings'
  /** Rules that commands are judged by: of a tenant, or of one principal. */
  | 'terminal'
  | 'command'
  /** What a command of the server has written. */
  | 'output'
  | 'approval';

/** Under this tag caches keep what depends on the subject. */
export function changeTag(kind: ChangeKind, subject: string): string {
  return `${kind}:${subject}`;
}
