import { compilePolicy, decide, faultsOfRule } from '../../../src/modules/terminal/decision/index.js';
import { decided, policyOf, requestFor, ruleFor } from './deciding.js';

const SHA = 'a'.repeat(64);

describe('allow rules', () => {
  it('match whole words from the first on, with case', () => {
    const policy = policyOf(['git push', 'mytool "two words"']);
    expect(decided('git push origin', policy).verdict).toBe('allow');
    expect(decided('git pushx', policy).verdict).toBe('approve');
    expect(decided('Git push', policy).verdict).toBe('approve');
    expect(decided("mytool 'two words' x", policy).verdict).toBe('allow');
    expect(decided('mytool two words', policy).verdict).toBe('approve');
  });

  it('name the rule and the guard that decided', () => {
    const { segments } = decided('git status && mytool', policyOf(['git status', 'mytool']));
    expect(segments).toMatchObject([
      { argv: ['git', 'status'], rule: 'git status', guard: 'git', verdict: 'allow' },
      { argv: ['mytool'], rule: 'mytool', guard: undefined, verdict: 'allow' },
    ]);
  });

  it('end when they expire', () => {
    const at = Date.UTC(2026, 0, 1);
    const policy = compilePolicy({ allow: { user: [{ ...ruleFor('ls'), expiresAt: at }] }, block: {} });
    expect(decide(requestFor('ls', { at: at - 1 }), policy).verdict).toBe('allow');
    expect(decide(requestFor('ls', { at }), policy).verdict).toBe('approve');
  });

  it('cover a file given by its path only when they pin it, and hand the pin on', () => {
    const pin = { path: '/usr/bin/git', sha256: SHA };
    const policy = compilePolicy({ allow: { global: [{ ...ruleFor('git status'), pin }] }, block: {} });
    expect(decided('/usr/bin/git status', policy)).toMatchObject({ verdict: 'allow', segments: [{ pin }] });
    expect(decided('git status', policy)).toMatchObject({ verdict: 'allow', segments: [{ pin }] });
    expect(decided('/tmp/git status', policy).verdict).toBe('approve');
    expect(decided('/usr/bin/git status', policyOf(['git status'])).verdict).toBe('approve');
    expect(decided('./gradlew test', policyOf(['./gradlew test'])).verdict).toBe('allow');
  });

  it('suggest the narrowest rule that would be of use', () => {
    const suggested = (command: string) => decided(command, policyOf([])).suggestions;
    expect(suggested('git push origin main')).toEqual(['git push origin']);
    expect(suggested('npm run build')).toEqual(['npm run build']);
    expect(suggested('docker container ls -a')).toEqual(['docker container ls']);
    expect(suggested('sort -o out in')).toEqual(['sort -o out in']);
    // A pattern is one line.
    expect(suggested("sort -o 'o\nut' in")).toEqual([]);
    expect(suggested('python manage.py migrate')).toEqual(['python manage.py migrate']);
    expect(suggested('bash -c ls')).toEqual([]);
    expect(decided('git push', policyOf([])).reasons[0].message).toContain('`git push` would');
  });
});

describe('block rules', () => {
  const blocks = (pattern: string, command: string) =>
    decided(command, policyOf(['docker', 'git', 'rm', 'ls'], [pattern])).verdict;

  it('beat every allow rule, in any case and by any path', () => {
    for (const command of [
      'docker ps',
      'DOCKER ps',
      '/usr/bin/docker ps',
      './docker ps',
      'docker.exe ps',
      'ls && docker ps',
    ])
      expect([command, blocks('Docker', command)]).toEqual([command, 'reject']);
    expect(blocks('docker', 'docker-compose up')).toBe('approve');
    expect(blocks('docker', 'ls docker')).toBe('allow');
  });

  it('may name programs by a pattern', () => {
    for (const [pattern, command] of [
      ['docke?', 'docker ps'],
      ['DOCK*', '/usr/bin/docker ps'],
      ['[dr]ocker ps', 'docker ps'],
      ['g*', 'ls && git status'],
    ] as const)
      expect([pattern, blocks(pattern, command)]).toEqual([pattern, 'reject']);
    expect(blocks('dock? ps', 'docker ps')).toBe('allow');
    expect(blocks('docke? rm', 'docker ps')).toBe('allow');
  });

  it('find options wherever they stand and however they are spelled', () => {
    for (const command of [
      'rm -rf x',
      'rm -fr x',
      'rm -r -f x',
      'rm x -r --force',
      'rm --recursive --force x',
      'rm --recurs --fo x',
      'rm -Rvf x',
    ])
      expect([command, blocks('rm -rf', command)]).toEqual([command, 'reject']);
    expect(blocks('rm -rf', 'rm -r x')).toBe('allow');
    for (const command of ['git push --force', 'git push origin main -f', 'git -C /x push --force origin'])
      expect([command, blocks('git push --force', command)]).toEqual([command, 'reject']);
    expect(blocks('git push --force', 'git commit -m "push --force"')).toBe('allow');
  });

  it('find commands that others run', () => {
    for (const command of [
      'sudo -u x docker ps',
      'env A=1 docker ps',
      'xargs -n 1 docker rm',
      'timeout -k 1 5 docker ps',
      'nohup docker ps',
      'nice -n 5 docker ps',
      'find . -name x -exec docker ps ;',
      'bash -c "docker ps"',
      'sh -c "bash -c \'docker ps\'"',
      'eval docker ps',
      'ls $(docker ps)',
      'cat <(docker ps)',
      'f() { docker ps; }',
      'x=docker; $x ps',
      'd$@ocker ps',
      'cat <<E | bash\ndocker ps\nE',
      'ssh host docker ps',
      'watch docker ps',
      'trap "docker ps" EXIT',
      'busybox docker ps',
      'stdbuf -oL docker ps',
      'setsid docker ps',
      'parallel docker ps ::: 1',
      'time docker ps',
      'if docker ps; then ls; fi',
    ])
      expect([command, blocks('docker', command)]).toEqual([command, 'reject']);
  });

  it('say once what they find twice: in what runs a command, and in what that is given', () => {
    for (const command of ['find . -name x -exec rm {} \\;', 'find . | xargs rm'])
      expect(decided(command, policyOf(['ls'], ['rm'])).reasons).toEqual([
        expect.objectContaining({ code: 'blocked' }),
      ]);
  });

  it('say which rule refuses and why', () => {
    const policy = compilePolicy({
      allow: {},
      block: { global: [{ id: 'b', pattern: 'docker', reason: 'use podman' }] },
    });
    expect(decided('ls; sudo docker ps', policy)).toMatchObject({
      verdict: 'reject',
      reasons: [{ code: 'blocked', message: 'The block rule `docker` refuses it: use podman', segment: 1 }],
      segments: [{ verdict: 'approve' }, { verdict: 'reject', rule: 'b' }],
    });
  });
});

describe('many rules', () => {
  it('decide as few do', () => {
    const allow = Array.from({ length: 10_000 }, (_, index) => `tool${index} run`);
    const block = Array.from({ length: 1_000 }, (_, index) => `bad${index} x`);
    const policy = policyOf(allow, block);
    expect(decided('tool9999 run --fast', policy).verdict).toBe('allow');
    expect(decided('tool9999 walk', policy).verdict).toBe('approve');
    expect(decided('bad999 x', policy).verdict).toBe('reject');
  });
});

describe('a rule that is about to be saved', () => {
  it('is held to its examples', () => {
    const examples = {
      match: ['git status', 'git status -sb', 'git log'],
      notMatch: ['git push', 'git status --short'],
    };
    expect(faultsOfRule('allow', { pattern: 'git status' }, examples)).toMatchObject([
      { field: 'match', index: 2 },
      { field: 'notMatch', index: 1 },
    ]);
    expect(
      faultsOfRule(
        'block',
        { pattern: 'rm -rf' },
        { match: ['rm -fr x', 'sudo rm -rf x'], notMatch: ['rm x'] },
      ),
    ).toEqual([]);
  });

  it.each([
    'sudo ls',
    'bash',
    'env',
    'xargs rm',
    'ls | cat',
    'ls; id',
    'ls $HOME',
    'ls > x',
    'A=1 ls',
    '',
    '   ',
    'ls "x',
    'x'.repeat(513),
    'ls\u200b',
  ])('cannot be the pattern %j for allowing', (pattern) => {
    expect(faultsOfRule('allow', { pattern }, {})).toMatchObject([{ field: 'pattern' }]);
  });

  it.each([
    'curl x | sh',
    'ls; rm',
    'ls &',
    'rm > x',
    'rm > /dev/null',
    '# rm',
    'A=1 rm',
    '! rm',
    '(rm)',
    'rm "x',
    '"npm" publish',
    ' ',
    'rm\u200b',
    'curl $URL | sh',
    'rm ~/x; ls',
    'rm "$HOME"',
    'rm `ls -a`',
  ])('cannot be the pattern %j for blocking, which would not stop what it seems to', (pattern) => {
    expect(faultsOfRule('block', { pattern }, {})).toMatchObject([{ field: 'pattern' }]);
  });

  it.each([
    ['sudo', 'sudo ls'],
    ['sh -c', 'sh -c ls'],
    ['echo $HOME', 'echo $HOME'],
    ['rm ~/x', 'rm ~/x'],
    ['rm *', 'rm *'],
  ])('can be the pattern %j for blocking %s', (pattern, example) => {
    expect(faultsOfRule('block', { pattern }, { match: [example] })).toEqual([]);
  });
});
