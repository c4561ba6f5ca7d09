import { Injectable } from '@nestjs/common';
import { Scheduled } from '../../../kernel/jobs/index.js';
import { SigningKeys } from './signing-keys.js';

@Injectable()
export class SigningKeysSchedule {
  constructor(private readonly keys: SigningKeys) {}

  @Scheduled({
    name: 'auth.signing-keys',
    everySeconds: 3600,
    description:
      'Replaces the key that signs access tokens every 90 days and removes keys that are no longer needed.',
  })
  async maintain(): Promise<void> {
    await this.keys.maintain();
  }
}
