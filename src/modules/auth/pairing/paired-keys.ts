import { Injectable } from '@nestjs/common';
import { EventLog } from '../../../kernel/events/index.js';
import { Mailer } from '../../../kernel/mail/index.js';
import { PermissionSet, type Principal } from '../../../kernel/operation/index.js';
import { Clock, Configuration } from '../../../kernel/runtime/index.js';
import type { NewApiKeyView } from '../api-keys/api-key.dto.js';
import { ApiKeys } from '../api-keys/api-keys.js';
import { actingAs } from '../setup/acting-as-system.js';
import type { User } from '../users/user.entity.js';
import { UsersRepository } from '../users/users.repository.js';
import type { Pairing } from './pairing.entity.js';
import { PairingClaimed, PairingRefused } from './pairing.events.js';
import { devicePairedMail } from './pairing.mails.js';
import { PairingsRepository } from './pairings.repository.js';

/** From an approved pairing to the key of the user who approved it. */
@Injectable()
export class PairedKeys {
  constructor(
    private readonly pairings: PairingsRepository,
    private readonly users: UsersRepository,
    private readonly keys: ApiKeys,
    private readonly mailer: Mailer,
    private readonly events: EventLog,
    private readonly clock: Clock,
    private readonly configuration: Configuration,
  ) {}

  /** Call it in the transaction that holds the pairing. Null when the user has lost access meanwhile. */
  async handOver(pairing: Pairing): Promise<NewApiKeyView | null> {
    const user = pairing.decidedBy === null ? null : await this.users.lockForLogin(pairing.decidedBy);
    if (user?.isActive !== true) return this.refuse(pairing);
    if (!(await this.pairings.close(pairing.id, 'claimed'))) return null;
    // It was the user's decision; that the device fetches it now is only how it gets there.
    return actingAs(principalOf(user), () => this.make(pairing, user));
  }

  private async make({ id, deviceName, ip }: Pairing, user: User): Promise<NewApiKeyView> {
    const owner = { kind: 'user' as const, id: user.id, tenantId: user.tenantId };
    const key = await this.keys.create({ name: deviceName }, owner, user);
    const detail = { userId: user.id, keyId: key.id };
    await this.events.record(new PairingClaimed({ resourceId: id, detail, personal: { deviceName } }));
    const paired = { deviceName, ip, keyId: key.id, at: this.clock.now() };
    await this.mailer.send(devicePairedMail(user, paired, this.configuration));
    return key;
  }

  private async refuse({ id, tenantId }: Pairing): Promise<null> {
    await this.pairings.close(id, 'denied');
    const detail = { reason: 'owner_inactive' as const };
    await this.events.record(new PairingRefused({ resourceId: id, tenantId, detail, outcome: 'denied' }));
    return null;
  }
}

/** Holds no permission: what follows is a use case, not a route. */
function principalOf({ id, tenantId, username }: User): Principal {
  const permissions = PermissionSet.none;
  return {
    kind: 'user',
    id,
    name: username,
    tenantId,
    roles: [],
    permissions,
    credential: { kind: 'system' },
  };
}
