import { Injectable } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';

/** A method of a provider that carries a decorator's metadata. */
export interface DiscoveredMethod<Metadata> {
  readonly metadata: Metadata;
  readonly call: (...args: unknown[]) => Promise<unknown>;
}

/** Finds the methods that decorators have marked, in whichever module they are. */
@Injectable()
export class DiscoveredMethods {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
  ) {}

  withMetadata<Metadata>(key: string): DiscoveredMethod<Metadata>[] {
    return this.discovery
      .getProviders()
      .map(({ instance }) => instance as unknown)
      .filter((instance): instance is object => typeof instance === 'object' && instance !== null)
      .flatMap((instance) => this.methodsOf<Metadata>(instance, key));
  }

  private methodsOf<Metadata>(instance: object, key: string): DiscoveredMethod<Metadata>[] {
    const prototype = Object.getPrototypeOf(instance) as object | null;
    if (prototype === null) return [];
    return this.scanner.getAllMethodNames(prototype).flatMap((name) => {
      const method = (instance as Record<string, unknown>)[name];
      if (typeof method !== 'function') return [];
      const metadata = Reflect.getMetadata(key, method) as Metadata | undefined;
      if (metadata === undefined) return [];
      return [{ metadata, call: async (...args) => (await method.apply(instance, args)) as unknown }];
    });
  }
}
