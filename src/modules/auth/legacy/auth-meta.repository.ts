import { Injectable } from '@nestjs/common';
import { columnsOf, Database, statement } from '../../../kernel/database/index.js';
import { AuthMeta } from './auth-meta.entity.js';

const all = statement<AuthMeta>('auth_meta_all', `SELECT ${columnsOf(AuthMeta)} FROM auth_meta ORDER BY key`);

@Injectable()
export class AuthMetaRepository {
  constructor(private readonly database: Database) {}

  /** By key. There are only ever a few. */
  all(): Promise<AuthMeta[]> {
    return this.database.read(all);
  }
}
