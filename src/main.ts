import './boot/engine.js';
import 'reflect-metadata';
import { start } from './boot/start.js';

await start();
