/** Words that are part of the shell's grammar where a command may begin. */
export const RESERVED: readonly string[] =
  'if then else elif fi do done case esac while until for in function select time coproc [[ ]] { } !'.split(
    ' ',
  );
