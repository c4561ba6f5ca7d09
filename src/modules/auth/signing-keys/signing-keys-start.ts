import { Injectable, type OnModuleInit } from '@nestjs/common';
import { runInOperation, systemOperation, systemPrincipal } from '../../../kernel/operation/index.js';
import { Ids } from '../../../kernel/runtime/index.js';
import { KeySet } from './key-set.js';
import { SigningKeys } from './signing-keys.js';

/** Before the first request comes there is a key to sign with. */
@Injectable()
export class SigningKeysStart implements OnModuleInit {
  constructor(
    private readonly keys: SigningKeys,
    private readonly keySet: KeySet,
    private readonly ids: Ids,
  ) {}

  async onModuleInit(): Promise<void> {
    const operation = systemOperation('boot', this.ids.next(), systemPrincipal('signing-keys'));
    await runInOperation(operation, () => this.keys.ensure());
    await this.keySet.start();
    // A secret key that does not open it shall stop the start, not the first login.
    this.keySet.signer();
  }
}
