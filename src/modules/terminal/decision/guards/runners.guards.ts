import type { Guard } from './guard.js';

/** Programs whose arguments are another command, or a script: no prefix of them says what will run. */
export const RUNNER_GUARDS: readonly Guard[] = [
  {
    kind: 'never',
    programs:
      'sh bash dash ash zsh ksh ksh93 mksh pdksh yash posh fish csh tcsh rbash sash elvish xonsh pwsh powershell nu slsh tasksh ksshell rc rksh rzsh lksh',
    queries: '--version --help',
    why: 'a shell runs whatever it is given; make a rule for the command itself',
  },
  {
    kind: 'never',
    programs:
      'sudo doas su sg pkexec runuser gosu su-exec sudoedit ksu run0 machinectl chpst setuidgid softlimit',
    queries: '--version --help',
    why: 'it runs a command as somebody else, which a person decides each time',
  },
  {
    kind: 'never',
    programs:
      'env builtin exec nohup setsid time timeout gtimeout nice ionice stdbuf chrt taskset numactl prlimit choom setpriv capsh cpulimit chronic unbuffer caffeinate rtk multitime grc rlwrap watch entr flock setlock script strace ltrace valgrind perf gdb lldb gcore xargs gxargs parallel busybox toybox chroot arch-chroot unshare nsenter bwrap firejail fakeroot fakechroot proot setarch linux32 linux64 uname26 i386 i486 i586 i686 x86_64 ppc ppc32 ppc64 s390 s390x sparc sparc32 sparc64 aa-exec systemd-run systemd-inhibit start-stop-daemon dbus-run-session xvfb-run ssh-agent sshpass torsocks torify proxychains proxychains4 tsocks direnv expect tmate dtach run-parts runscript run-mailcap logsave openvt agetty rlogin pexec cdist distcc faketty catchsegv noglob nocorrect batch coproc repeat envdir envuidgid hyperfine watchexec retry tini dumb-init nsjail systemd-nspawn daemonize sem aws-vault gnome-terminal xterm uxterm urxvt rxvt x-terminal-emulator xdg-terminal-exec xfce4-terminal lxterminal mate-terminal terminator tilix foot wezterm ghostty konsole alacritty kitty wsl toolbox distrobox ld.so ld-linux-x86-64.so ld-linux-aarch64.so ld-musl-x86_64.so abduco zellij byobu wemux tmuxp tmuxinator mprocs ttyd gotty wetty shellinabox sshx upterm autoexpect faketime eatmydata nocache ifne cgexec numad trickle authbind vglrun optirun primusrun gamemoderun mangohud schroot apptainer singularity ch-run udocker sandbox-exec systemd-cat systemd-socket-activate stap uftrace trace-cmd rr py-spy kernprof memray scalene viztracer austin autossh icecc ccache sccache bear torchrun accelerate deepspeed mpirun mpiexec srun sbatch qsub bsub run-s run-p nps xinit startx dbus-launch gksu gksudo kdesu s6-setuidgid s6-envdir s6-softlimit s6-setlock with-contenv catatonit inotifyd viddy ptw gow pipexec nq tsp',
    queries: '--version --help',
    why: 'it runs another command; make a rule for that command',
  },
  {
    kind: 'never',
    programs: 'command',
    why: 'it runs another command; make a rule for that command',
    subcommands: { '-v -V': { by: 'subcommand', arguments: { operands: 'name' } } },
  },
  {
    kind: 'never',
    programs: 'tmux',
    queries: '-V',
    why: 'it runs other commands, and what it is told to show may hold some too',
    subcommands: { 'ls list-sessions': { by: 'subcommand', arguments: { atMost: 0 } } },
  },
  {
    kind: 'never',
    programs: 'screen',
    queries: '-v',
    why: 'it runs other commands; make a rule for those',
    subcommands: { '-ls -list': { by: 'subcommand', arguments: { atMost: 0 } } },
  },
  {
    kind: 'never',
    programs: 'crontab at',
    queries: '-V',
    why: 'it runs other commands later; make a rule for those',
    subcommands: { '-l': { by: 'subcommand', arguments: { atMost: 0 } } },
  },
  {
    kind: 'never',
    programs:
      'eval . source trap alias unalias export declare typeset readonly local unset set shopt hash enable let read mapfile readarray getopts bind complete compgen compopt fc history jobs disown fg bg wait umask ulimit cd pushd popd dirs exit return logout suspend break continue shift caller : chdir',
    why: 'it changes the shell that the following commands run in',
  },
];
