import { namePattern } from '../text/name-pattern.js';

/** What the safety list is about, by name: sought when a pattern may stand for one of them. */
const PROTECTED = [
  ...names(
    '/etc',
    'passwd shadow gshadow group sudoers ld.so.preload ssh/sshd_config ssh/ssh_host_rsa_key ssh/ssh_host_ed25519_key',
  ),
  ...names('/dev', 'sda sda1 hda vda vda1 xvda nvme0n1 nvme0n1p1 mmcblk0 disk0 md0 dm-0 mem kmem port'),
  ...names('/proc', '1/environ self/environ self/mem sysrq-trigger'),
  ...names('', 'bin boot dev etc home lib lib64 opt proc root run sbin srv sys usr var Users System Library'),
  ...names('/usr', 'bin lib local sbin share'),
  ...names('/var', 'lib local'),
  ...names('~/.ssh', 'id_rsa id_dsa id_ecdsa id_ed25519 authorized_keys config rc environment'),
].map((path) => ({ path, parts: path.split('/') }));

function names(directory: string, list: string): string[] {
  return list.split(' ').map((name) => `${directory}/${name}`);
}

/** They all lie below the root or in a home directory. */
function mayBeProtected(word: string): boolean {
  const first = word.charCodeAt(0);
  return first === 0x2f || first === 0x7e || word.startsWith('of=') || word.includes('.ssh/');
}

const NONE: readonly string[] = [];
const IS_PATTERN = /[*?[]/;

/** The protected names that a path with a pattern in it may stand for, as it would name them. */
export function protectedNamesFor(word: string): readonly string[] {
  if (!mayBeProtected(word) || !IS_PATTERN.test(word)) return NONE;
  const [, before, given] = /^(of=|)(.*)$/s.exec(word) ?? [];
  const path = given.replace(/^.*\/(?=\.ssh\/)|^(?=\.ssh\/)/s, '~/');
  const parts = path.split('/');
  // A star alone finds everything, which is no sign of what is meant.
  if (!/^[/~]/.test(path) || /^\*+$/.test(parts[parts.length - 1])) return NONE;
  const patterns = parts.map(namePattern);
  return PROTECTED.filter(
    (known) =>
      known.parts.length === parts.length && known.parts.every((part, index) => patterns[index].test(part)),
  ).map((known) => before + known.path);
}
