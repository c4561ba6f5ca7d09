import { Injectable } from '@nestjs/common';
import { AuthenticatorRegistry } from '../../../kernel/access/index.js';
import { currentOperation, type Principal } from '../../../kernel/operation/index.js';

/** Somebody who follows a stream. */
export interface StreamReader {
  readonly reader: Principal;
  /** Shown again from time to time: the stream ends when it is not good any more. */
  readonly token: string;
}

/** Whether those who were let in once may stay. */
@Injectable()
export class StreamReaders {
  constructor(private readonly authenticators: AuthenticatorRegistry) {}

  /** Changes by which the right to read may end. */
  tagsOf({ kind, id, tenantId, credential }: Principal): ReadonlySet<string> {
    const shown =
      credential.kind === 'session'
        ? `session:${credential.familyId}`
        : `key:${'keyId' in credential ? credential.keyId : ''}`;
    return new Set([`${kind}:${id}`, `tenant:${tenantId}`, `policy:${tenantId}`, shown]);
  }

  /** @param sees whether somebody with these rights may read the stream */
  async mayStay({ reader, token }: StreamReader, sees: (now: Principal) => boolean): Promise<boolean> {
    const authenticator = this.authenticators.forToken(token);
    if (authenticator === undefined) return false;
    try {
      const now = await authenticator.authenticate(token, currentOperation());
      return now.id === reader.id && sees(now);
    } catch {
      // Whatever is wrong with it: the client is told when it asks again.
      return false;
    }
  }
}
