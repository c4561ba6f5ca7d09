import '../boot/engine.js';
import 'reflect-metadata';

export { run } from './run.js';
