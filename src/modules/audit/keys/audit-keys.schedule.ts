import { Injectable } from '@nestjs/common';
import { Scheduled } from '../../../kernel/jobs/index.js';
import { AuditKeys } from './audit-keys.js';

@Injectable()
export class AuditKeysSchedule {
  constructor(private readonly keys: AuditKeys) {}

  @Scheduled({
    name: 'audit.keys',
    everySeconds: 3600,
    description: 'Puts the key that signs checkpoints under the present secret key.',
  })
  async maintain(): Promise<void> {
    await this.keys.rewrap();
  }
}
