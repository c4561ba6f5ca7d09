import 'reflect-metadata';
import { start } from '../../../src/boot/start.js';

/** The whole service as its environment configures it. */
void start();
