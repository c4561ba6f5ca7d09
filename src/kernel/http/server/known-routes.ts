/** Which methods a path has, for answering 405 with Allow instead of 404. Only asked when no route matched. */
export class KnownRoutes {
  private readonly routes: { readonly steps: readonly string[]; readonly methods: Set<string> }[] = [];
  private readonly byPattern = new Map<string, Set<string>>();

  add(pattern: string, methods: readonly string[]): void {
    const known = this.byPattern.get(pattern);
    const set = known ?? new Set<string>();
    for (const method of methods) set.add(method);
    if (known !== undefined) return;
    this.byPattern.set(pattern, set);
    this.routes.push({ steps: stepsOf(pattern), methods: set });
  }

  /** Sorted; empty when the path has no route at all. */
  methodsOf(path: string): string[] {
    const steps = stepsOf(path);
    const methods = this.routes
      .filter((route) => matches(route.steps, steps))
      .flatMap((route) => [...route.methods]);
    return [...new Set(methods)].sort();
  }
}

function stepsOf(path: string): string[] {
  return path.split('/');
}

function matches(pattern: readonly string[], steps: readonly string[]): boolean {
  if (pattern.at(-1) === '*')
    return (
      steps.length >= pattern.length && matches(pattern.slice(0, -1), steps.slice(0, pattern.length - 1))
    );
  return (
    pattern.length === steps.length &&
    pattern.every((step, at) => (step.startsWith(':') ? steps[at] !== '' : step === steps[at]))
  );
}
