import '../boot/engine.js';
import { loadService } from '../boot/load-service.js';

export async function run(argv: readonly string[]): Promise<void> {
  await (await loadService()).run(argv);
}
