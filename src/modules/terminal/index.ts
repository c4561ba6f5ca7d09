export { TerminalModule } from './terminal.module.js';
