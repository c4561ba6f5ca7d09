import type { Principal } from '../../operation/index.js';

const MOST_ADDRESSES = 10_000;

/**
 * What buckets are called. The names are kept, since to make one anew for each request, and to hash it for finding the
 * bucket, costs several times as much as to look it up.
 */
export class BucketKeys {
  private readonly addresses = new Map<string, Map<string, string>>();
  private readonly principals = new Map<string, WeakMap<Principal, string>>();

  ofAddress(policy: string, network: string): string {
    const known = this.addresses.get(policy)?.get(network);
    if (known !== undefined) return known;
    const key = `${policy}:${network}`;
    const keys = this.addresses.get(policy) ?? new Map<string, string>();
    if (keys.size >= MOST_ADDRESSES) keys.clear();
    this.addresses.set(policy, keys.set(network, key));
    return key;
  }

  ofPrincipal(policy: string, principal: Principal): string {
    const known = this.principals.get(policy)?.get(principal);
    if (known !== undefined) return known;
    // Whoever acts as somebody else uses up their own limit.
    const { kind, id } = principal.actor ?? principal;
    const key = `${policy}:${kind}:${id}`;
    const keys = this.principals.get(policy) ?? new WeakMap<Principal, string>();
    this.principals.set(policy, keys.set(principal, key));
    return key;
  }
}
