import './boot/engine.js';
import { loadService } from './boot/load-service.js';

const { start } = await loadService();
await start();
