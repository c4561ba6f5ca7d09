import { Injectable } from '@nestjs/common';
import { columnsOf, Database, statement } from '../../../kernel/database/index.js';
import { DEFAULT_TENANT_ID } from '../../../kernel/operation/index.js';
import { User } from '../users/user.entity.js';

const USABLE = `
  SELECT ${columnsOf(User, 'u')} FROM users u JOIN tenants t ON t.id = u.tenant_id
  WHERE u.tenant_id = $1 AND t.is_active AND u.is_active AND u.deleted_at IS NULL`;

const byId = statement<User>('legacy_user_by_id', `${USABLE} AND u.id = $2`);
const byName = statement<User>('legacy_user_by_name', `${USABLE} AND u.username_key = $2`);

/** Users of the former system, which had one tenant, as long as they may use the service. */
@Injectable()
export class LegacyUsersRepository {
  constructor(private readonly database: Database) {}

  byId(id: string): Promise<User | null> {
    return this.database.readOne(byId, [DEFAULT_TENANT_ID, id]);
  }

  byName(usernameKey: string): Promise<User | null> {
    return this.database.readOne(byName, [DEFAULT_TENANT_ID, usernameKey]);
  }
}
