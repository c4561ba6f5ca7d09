/** What an operation may know of its open transaction; how it talks to the database is the database's matter. */
export interface Transaction {
  /** False once it has been committed or rolled back: nothing may be written through it any more. */
  readonly isOpen: boolean;
  /** Called after the commit, never after a rollback. Must not throw and must not wait. */
  afterCommit(callback: () => void): void;
}
