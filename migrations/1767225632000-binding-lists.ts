import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Bindings of one subject, and of one role in one place, in the order of their list, however many there are. */
export class BindingLists1767225632000 implements MigrationInterface {
  name = 'BindingLists1767225632000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
CREATE INDEX ix_role_bindings_by_subject ON role_bindings (subject_kind, subject_id, id);
DROP INDEX ix_role_bindings_subject;
CREATE INDEX ix_role_bindings_by_role_scope ON role_bindings (role_id, scope_kind, scope_id, id DESC);
`);
  }

  async down(): Promise<void> {
    throw new Error('Migrations are forward only: restore a backup instead.');
  }
}
