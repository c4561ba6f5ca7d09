import { Injectable } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import type { Fact } from './fact.js';
import { IN_TRANSACTION } from './in-transaction.decorator.js';

type Handler = (fact: Fact) => Promise<void>;

/** The methods marked `@InTransaction`, by action. */
@Injectable()
export class TransactionHandlers {
  private byAction: ReadonlyMap<string, readonly Handler[]> | null = null;

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
  ) {}

  for(action: string): readonly Handler[] {
    return this.all().get(action) ?? [];
  }

  actions(): string[] {
    return [...this.all().keys()];
  }

  /** Looked for at the first fact, which is after every provider has been made, whatever the order of the modules. */
  private all(): ReadonlyMap<string, readonly Handler[]> {
    this.byAction ??= this.discover();
    return this.byAction;
  }

  private discover(): Map<string, Handler[]> {
    const found = new Map<string, Handler[]>();
    for (const { instance } of this.discovery.getProviders()) {
      for (const { action, handler } of this.handlersOf(instance)) {
        found.set(action, [...(found.get(action) ?? []), handler]);
      }
    }
    return found;
  }

  private handlersOf(instance: unknown): { action: string; handler: Handler }[] {
    if (typeof instance !== 'object' || instance === null) return [];
    const methods = instance as Record<string, Handler>;
    const prototype = Object.getPrototypeOf(instance) as Record<string, Handler> | null;
    if (prototype === null) return [];
    return this.scanner.getAllMethodNames(prototype).flatMap((name) => {
      const action = Reflect.getMetadata(IN_TRANSACTION, prototype[name]) as string | undefined;
      return action === undefined ? [] : [{ action, handler: (fact: Fact) => methods[name](fact) }];
    });
  }
}
