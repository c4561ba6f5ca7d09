export interface ConfigurationFault {
  readonly variable: string;
  /** What is wrong, as the end of a sentence that begins with the variable. */
  readonly problem: string;
  /** What to do, a whole sentence. */
  readonly remedy: string;
}

/** Everything that is wrong with the settings, at once, so that nobody repairs them one start at a time. */
export class ConfigurationFaults extends Error {
  constructor(readonly faults: readonly ConfigurationFault[]) {
    super(messageOf(faults));
    this.name = 'ConfigurationFaults';
  }
}

function messageOf(faults: readonly ConfigurationFault[]): string {
  const count = faults.length === 1 ? '1 fault' : `${faults.length} faults`;
  const lines = faults.map(({ variable, problem, remedy }) => `  ${variable} ${problem}. ${remedy}`);
  return [`${count} in the configuration:`, ...lines].join('\n');
}
