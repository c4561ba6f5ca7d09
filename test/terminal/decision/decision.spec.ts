import {
  compilePolicy,
  decide,
  type DecisionRequest,
  digestOf,
} from '../../../src/modules/terminal/decision/index.js';
import { WRAPPERS } from '../../../src/modules/terminal/decision/commands/wrappers.js';
import { decided, policyOf, requestFor, ruleFor } from './deciding.js';

const policy = policyOf(['ls', 'git status'], ['docker']);
const codesOf = (reasons: readonly { code: string }[]) => reasons.map(({ code }) => code);

describe('who asks and from where', () => {
  const { principal } = requestFor('ls');

  it('denies an inactive principal and a terminal that is not switched on', () => {
    expect(decide(requestFor('ls', { principal: { ...principal, isActive: false } }), policy)).toMatchObject({
      verdict: 'deny',
      reasons: [{ code: 'principal_inactive' }],
    });
    const onlyLocal = { ...principal, isServerTerminalAuthorized: false };
    expect(codesOf(decide(requestFor('ls', { principal: onlyLocal }), policy).reasons)).toEqual([
      'terminal_not_authorized',
    ]);
    expect(decide(requestFor('ls', { principal: onlyLocal, mode: 'local' }), policy).verdict).toBe('allow');
    const onlyServer = { ...principal, isTerminalAuthorized: false };
    expect(decide(requestFor('ls', { principal: onlyServer, mode: 'local' }), policy).verdict).toBe('deny');
  });

  it.each([
    ['/srv', true],
    ['/srv/a', true],
    ['a/b', true],
    ['.', true],
    ['/srv/a/../b', true],
    ['/srv-evil', false],
    ['/', false],
    ['/srv/..', false],
    ['../x', false],
    ['/srv/a/../../etc', false],
    ['/workx', false],
    ['/srv/\0', false],
  ])('takes the directory %j for inside /srv: %s', (cwd, isInside) => {
    const { verdict, reasons } = decide(requestFor('ls', { cwd, root: '/srv' }), policy);
    expect(verdict).toBe(isInside ? 'allow' : 'deny');
    if (!isInside) expect(codesOf(reasons)).toEqual(['cwd_outside_root']);
  });

  it.each([
    ['.git', 'hooks/pre-commit'],
    ['.aws', 'config'],
    ['a/../.config/gh', 'hosts.yml'],
    ['/srv/.ssh', 'known'],
  ])('asks about what is private in the directory %s, from the root or in full', (cwd, file) => {
    const { reasons } = decide(requestFor(['cat', file], { cwd, root: '/srv' }), policyOf(['cat']));
    expect(codesOf(reasons)).toContain('private_place');
  });

  it.each([
    ['cat app/root.tsx', '/home/ada/shop'],
    ['cat src/dev/server.ts', undefined],
    ['cat ./src/boot/axios.js', '/workspace'],
    ['cat config/dev/settings.yaml', '/home/dev'],
    ['cat /home/ada/shop/src/dev/x.ts', '/home/ada/shop'],
    ['cat main.ts', '/Users/ada/dev/shop'],
    ['cat node_modules/@scope/dev/x', '/workspace'],
    ['cat @scope/dev/x.ts', '/workspace'],
    ['cat --file=src/dev/x.ts', '/workspace'],
  ])('takes the directories of a project for what they are: %s in %s', (text, cwd) => {
    expect(decide(requestFor(text, { cwd }), policyOf(['cat']))).toMatchObject({ verdict: 'allow' });
  });

  it.each([
    ['cat /dev/sda', undefined],
    ['cat --file=/dev/sda', undefined],
    ['cat "/Volumes/Macintosh HD/dev/disk0"', undefined],
    ['cat "/mnt/a=bb/root/x"', undefined],
    ['cat "/media/ada/Ada\'sDisk/root/x"', undefined],
    ['cat name@/root/x', undefined],
    ['cat --upload=bb@/root/x', undefined],
    ['cat /srv/chroot/sid/dev/mem', undefined],
    ['cat build/rootfs/root/x', undefined],
    ['cat --f=self/root/dev/sda', '/proc'],
    ['cat /de[[:lower:]]/sda', undefined],
    ['cat /de[\\]v]/sda', undefined],
    ["cat /de[']'v]/sda", undefined],
    ['cat /roo[[:alpha:][:digit:]]/x', undefined],
    ['cat ./id_rs[]a]', undefined],
    ['cat ./[[:lower:]]d_rsa', undefined],
    ["cat ./[a']'i]d_rsa", undefined],
    ['cat /de?/sdb', undefined],
    ['cat //roo?/x', undefined],
    ['cat /./roo?/x', undefined],
    ['cat ./de?/sda', '/'],
    ['cat -f/dev/sda', undefined],
    ['cat ../../../dev/sda', '/home/ada'],
    ['cat aa/../../dev/sda', undefined],
    ['cat ./aa/./../../dev/sda', undefined],
    ['cat aa//dev/sda', undefined],
    ['cat host:/root/x', undefined],
    ['cat /host/dev/sda', undefined],
    ['cat mnt/dev/sda', undefined],
    ['cat src/dev/x', '/'],
    ['cat /root/x', '/home/ada'],
    ['cat /boot/x', '/home/ada'],
    ['cat shm', '/dev'],
    ['cat x', '/dev/shm'],
  ])('asks about what may be a device or belong to root: %s in %s', (text, cwd) => {
    const { reasons } = decide(requestFor(text, { cwd }), policyOf(['cat']));
    expect(codesOf(reasons)).toContain('private_place');
  });

  it.each(['cat /etc/shado[]w]', 'cat /etc/shado[[:alpha:]]', 'cat /proc/sel[]f]/environ'])(
    'reads a class as a shell does: %s',
    (text) => expect(decided(text, policyOf(['cat']))).toMatchObject({ verdict: 'deny' }),
  );

  it.each(["cat i'd'_rsa", 'cat cre\\dentials', 'cat "kube"config'])(
    'asks about %s, whatever is quoted',
    (text) => expect(codesOf(decided(text, policyOf(['cat'])).reasons)).toEqual(['private_place']),
  );

  it.each(['while read l; do ls; done < f', '(ls) > out', 'cd x && { ls; } > f', '> f'])(
    'asks about what only redirects, wherever: %s',
    (text) => {
      for (const cwd of [undefined, '/srv', '/home/me'])
        expect(decide(requestFor(text, { cwd }), policy).verdict).toBe('approve');
    },
  );

  it('denies variables that change what runs, asks about unknown ones, takes harmless ones', () => {
    for (const name of [
      'PATH',
      'LD_PRELOAD',
      'BASH_ENV',
      'IFS',
      'NODE_OPTIONS',
      'GIT_SSH_COMMAND',
      'DOCKER_HOST',
      'SSH_ASKPASS',
      'PYTHONPATH',
      'path',
      'A B',
      'PAGER',
      'npm_config_script_shell',
    ])
      expect([name, codesOf(decide(requestFor('ls', { env: { [name]: 'x' } }), policy).reasons)]).toEqual([
        name,
        ['environment_refused'],
      ]);
    expect(decide(requestFor('ls', { env: { MINE: '() { :; }; id' } }), policy).verdict).toBe('deny');
    expect(decide(requestFor('ls', { env: { MINE: 'x' } }), policy)).toMatchObject({
      verdict: 'approve',
      reasons: [{ code: 'environment_unknown' }],
    });
    expect(decide(requestFor('ls', { env: { LANG: 'C', TERM: 'dumb', CI: '1' } }), policy).verdict).toBe(
      'allow',
    );
  });

  it('asks the user locally, others on the server, and nobody when nobody waits', () => {
    expect(decide(requestFor('id', { mode: 'local' }), policy).verdict).toBe('confirm');
    expect(decide(requestFor('id'), policy).verdict).toBe('approve');
    const alone = decide(requestFor('id', { interactive: false }), policy);
    expect(alone.verdict).toBe('deny');
    expect(codesOf(alone.reasons)).toEqual(['no_rule', 'not_interactive']);
    expect(decide(requestFor('ls', { interactive: false }), policy).verdict).toBe('allow');
  });
});

describe('the strictest part', () => {
  it('decides about the whole', () => {
    expect(decided('ls && git status', policy).verdict).toBe('allow');
    expect(decided('ls && id', policy)).toMatchObject({
      verdict: 'approve',
      segments: [{ verdict: 'allow' }, { verdict: 'approve' }],
    });
    expect(decided('id && docker ps', policy).verdict).toBe('reject');
    expect(decided('docker ps && rm -rf /', policy).verdict).toBe('deny');
    expect(decided('ls && rm -rf / && docker ps', policy).verdict).toBe('deny');
  });

  it.each([1, 2, 50])('is the same among %i commands', (count) => {
    expect(decided(`${'ls; '.repeat(count - 1)}ls`, policy).verdict).toBe('allow');
    expect(decided(`${'ls; '.repeat(count - 1)}docker ps`, policy).verdict).toBe('reject');
    expect(decided(`${'ls; '.repeat(count - 1)}rm -rf /`, policy).verdict).toBe('deny');
  });

  it.each([51, 500])('is never allowed among %i commands', (count) => {
    expect(decided(`${'ls; '.repeat(count - 1)}ls`, policy)).toMatchObject({
      verdict: 'deny',
      reasons: [{ code: 'not_analysable' }],
    });
  });
});

describe('words in places where nobody expects them', () => {
  const ODD = [
    ...['', ';', '--', '-x', '-c', '-m', '-', '=', '.', '/', 'a', '$x', '{}', ':::', '+', '<<'],
    '-exec',
    '--exec=',
  ];
  const programs = [...new Set(WRAPPERS.flatMap(({ programs: names }) => names.split(' ')))];

  it('are decided about all the same', () => {
    expect(programs.length).toBeGreaterThan(200);
    let at = 0;
    const next = () => ODD[(at = (at * 1103 + 12_345) % 65_537) % ODD.length];
    for (const program of programs)
      for (let count = 0; count < 20; count++) {
        const argv = [program, ...Array.from({ length: count % 5 }, next)];
        const inText = argv.map((word) => (word === '' || word === ';' ? `'${word}'` : word)).join(' ');
        for (const command of [argv, `${inText} | sh`]) decide(requestFor(command, { cwd: '/' }), policy);
      }
  });
});

describe('the digest', () => {
  const request = requestFor('ls -la', { cwd: '/srv', env: { LANG: 'C' } });
  const { digest, policyVersion } = decide(request, policy);

  it('is the same for the same action', () => {
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
    expect(digestOf(structuredClone(request), policyVersion)).toBe(digest);
    expect(digestOf({ ...request, at: request.at + 1, interactive: false }, policyVersion)).toBe(digest);
  });

  it.each<Partial<DecisionRequest>>([
    { command: { text: 'ls -la ' } },
    { command: { argv: ['ls', '-la'] } },
    { cwd: '/srv/' },
    { cwd: undefined },
    { env: { LANG: 'D' } },
    { env: { LANG: 'C', CI: '' } },
    { mode: 'local' as const },
    { gatewayId: 'g' },
    { principal: { ...request.principal, id: 'x' } },
    { principal: { ...request.principal, kind: 'agent' as const } },
    { principal: { ...request.principal, delegationId: 'd' } },
  ])('is another with %j', (change) => {
    expect(digestOf({ ...request, ...change }, policyVersion)).not.toBe(digest);
  });

  it('is another when a block rule changes, and the same when an allow rule does', () => {
    expect(digestOf(request, policyOf(['ls', 'cat'], ['docker']).policyVersion)).toBe(digest);
    expect(digestOf(request, policyOf(['ls'], ['docker', 'podman']).policyVersion)).not.toBe(digest);
  });

  it('does not depend on the order of the block rules or whose they are', () => {
    const [one, other] = [ruleFor('a'), ruleFor('b')];
    expect(compilePolicy({ allow: {}, block: { user: [one], global: [other] } }).policyVersion).toBe(
      compilePolicy({ allow: {}, block: { gateway: [other, one] } }).policyVersion,
    );
  });
});
