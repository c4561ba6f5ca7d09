#!/usr/bin/env node
import { isForAgents, runAgentSide } from './cli/agent/program.js';

// An agent waits for its hook before every command, so its side starts without loading the service.
if (isForAgents(process.argv)) await runAgentSide(process.argv);
else await (await import('./cli/service-side.js')).run(process.argv);
