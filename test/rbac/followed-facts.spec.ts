import { factCatalogue } from '../../src/kernel/events/index.js';
import '../../src/modules/auth/index.js';

// Roles may not import the module that owns users and services, so it names the facts it follows.
it.each(['user.delete', 'service.delete'])('%s, by which bindings are removed, is still a fact', (action) => {
  expect(factCatalogue.has(action)).toBe(true);
});
