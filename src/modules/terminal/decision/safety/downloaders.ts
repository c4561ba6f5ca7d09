export const DOWNLOADERS: ReadonlySet<string> = new Set(
  'curl wget fetch aria2c http https xh lwp-request lynx links w3m nc ncat netcat telnet openssl'.split(' '),
);
