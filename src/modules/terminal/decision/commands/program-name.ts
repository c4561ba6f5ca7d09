/**
 * What is no part of a program's name: `npm.cmd` is called `npm`, and of the builds of one program that stand side by
 * side `vim.basic` is one of `vim`.
 */
const ENDINGS = new Set(
  'exe cmd bat com ps1 basic tiny nox gtk gtk2 gtk3 gnome motif athena traditional openbsd static procps netkit inetutils mailutils wrapper distrib real'.split(
    ' ',
  ),
);

/** The program's own name: without directories and in lower case, since some file systems do not tell cases apart. */
export function programNameOf(word: string): string {
  const base = word.slice(word.lastIndexOf('/') + 1).toLowerCase();
  const dot = base.lastIndexOf('.');
  return dot > 0 && ENDINGS.has(base.slice(dot + 1)) ? base.slice(0, dot) : base;
}
