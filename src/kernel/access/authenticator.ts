import { Injectable } from '@nestjs/common';
import type { Principal } from '../operation/principal.js';

/** What an authenticator may know about the request besides the token. */
export interface AuthenticationRequest {
  /** Address of the caller as far as configured proxies vouch for it; null when unknown. */
  readonly clientIp: string | null;
}

/** One per token kind. Turns a token into the principal it stands for. */
export abstract class Authenticator {
  /** By shape alone (a prefix, the number of dots), without looking anything up; called on every request. */
  abstract recognises(token: string): boolean;

  /**
   * The live principal behind the token, synchronously whenever it is cached, so that a request waits for nothing.
   * Throws Unauthorized for every reason alike.
   */
  abstract authenticate(token: string, request: AuthenticationRequest): Principal | Promise<Principal>;

  /**
   * Whether this process has let the token in before and has not learnt since that it is over, without waiting. Asked
   * only about callers from an address that is over its limit: they are turned away unless they are known.
   */
  abstract knows(token: string): boolean;
}

/** Modules register the token kinds they understand; the kernel knows none. */
@Injectable()
export class AuthenticatorRegistry {
  private readonly authenticators: Authenticator[] = [];

  register(authenticator: Authenticator): void {
    this.authenticators.push(authenticator);
  }

  forToken(token: string): Authenticator | undefined {
    for (const authenticator of this.authenticators)
      if (authenticator.recognises(token)) return authenticator;
    return undefined;
  }

  /** Whether one of them knows the token, see `Authenticator.knows`. */
  knows(token: string): boolean {
    return this.forToken(token)?.knows(token) === true;
  }
}
