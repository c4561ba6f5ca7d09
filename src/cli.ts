#!/usr/bin/env node
import './boot/engine.js';
import 'reflect-metadata';
import { run } from './cli/run.js';

await run(process.argv);
