import { problem } from '../../../kernel/problem/index.js';

export class InvalidToken extends problem({
  status: 400,
  code: 'invalid_token',
  title: 'The token is not valid',
  meaning: 'The one-time token is unknown, was used already, was replaced by a newer one or has expired.',
  remedy: 'Use the newest mail, or ask for a new token where the old one came from.',
}) {}
