import type { Guard } from './guard.js';

export const SYSTEM_GUARDS: readonly Guard[] = [
  {
    kind: 'subcommands',
    programs: 'systemctl',
    why: 'it starts programs as root, can speak to other machines and opens a pager',
    queries: '--version',
    skipped: '--no-pager --user',
    subcommands: {
      'status is-active is-enabled is-failed is-system-running list-units list-unit-files list-timers list-sockets list-dependencies':
        {
          by: 'name',
          arguments: {
            flags: '--no-pager -l --full -a --all --failed -q --quiet --user --no-legend --plain --reverse',
            values: '-n --lines -t --type --state -p --property -o --output',
            kinds: { '-t --type --state -o --output': 'names', '-p --property': 'properties' },
            operands: 'unit',
          },
        },
      show: {
        by: 'subcommand',
        arguments: {
          flags: '--no-pager -a --all --user',
          values: '-p --property',
          kinds: { '-p --property': 'properties' },
          needs: '-p --property',
          operands: 'unit',
        },
      },
      'start stop restart reload try-restart reload-or-restart reset-failed enable disable': {
        by: 'subcommand',
        arguments: {
          flags: '--user -q --quiet --no-block --now --no-pager',
          operands: 'unit',
          closed: false,
        },
      },
      cat: { by: 'subcommand', arguments: { flags: '--no-pager --user', operands: 'unit' } },
      'daemon-reload': { by: 'subcommand', arguments: { flags: '--user', atMost: 0 } },
    },
  },
  {
    kind: 'arguments',
    programs: 'journalctl',
    why: 'it opens a pager, which runs commands, and can delete the journal or read another',
    queries: '--version',
    arguments: {
      flags:
        '--no-pager -f -e -x -r -k -q -a -l -b --follow --pager-end --reverse --dmesg --quiet --catalog --no-hostname --utc --user --system --full --no-full --list-boots --disk-usage',
      values:
        '-u --unit -n --lines -S --since -U --until -p --priority -o --output -t --identifier -g --grep -b --boot --user-unit',
      optional: '-b --boot',
      kinds: { '-u --unit --user-unit': 'unit', '-o --output -p --priority -t --identifier': 'names' },
      numbers: true,
      needs:
        '--no-pager -f --follow -n --lines -u --unit --user-unit --list-boots --disk-usage -S --since -U --until -b --boot -p --priority -k --dmesg -t --identifier -g --grep',
      operands: 'none',
    },
  },
  {
    kind: 'arguments',
    programs: 'service',
    why: 'it starts programs as root',
    arguments: { first: { kind: 'unit' }, operands: 'unit', atMost: 2, needs: 'status' },
  },
  {
    kind: 'arguments',
    programs: 'date',
    why: 'it can set the clock and read dates from a file, which shows its lines',
    arguments: {
      flags: '-u -R --utc --universal --rfc-email',
      values: '-d --date',
      optional: '-I --iso-8601 --rfc-3339',
      operands: 'dateformat',
      atMost: 1,
      refused: { '-f --file -r --reference': 'reads a file', '-s --set': 'sets the clock' },
    },
  },
  {
    kind: 'arguments',
    programs: 'arch',
    why: 'an argument may be a command that is run as if on another machine',
    queries: '--version --help',
    arguments: { atMost: 0 },
  },
  {
    kind: 'arguments',
    programs: 'hostname uname',
    why: 'an argument would change the name',
    arguments: {
      flags:
        '-a -s -n -r -v -m -p -i -o -f -d -I -A --all --kernel-name --kernel-release --machine --fqdn --long --ip-address',
      atMost: 0,
    },
  },
  {
    kind: 'arguments',
    programs: 'ps',
    why: 'it can show the environment of other processes',
    arguments: {
      // With -x, or -u and no user's name, it takes all letters for those without a dash, where `e` is the environment.
      flags:
        '-e -f -A -a -l -F -L -H -w -M -j -y -c -ww -ax -axf -axw -axww -axu -axuf -axuw -axuww -aux -auxf -auxw -auxww -auxwww --forest --no-headers --headers',
      values: '-o -p -C -u -U -G -g -s -t --sort --pid --ppid --user --format',
      kinds: { '-o --format': 'columns', '-u -U --user': 'names' },
      neverWith: { '-ax -axf -axw -axww -axu -axuf -axuw -axuww -aux -auxf -auxw -auxww -auxwww -u': '-e' },
      operands: 'psflags',
    },
  },
  {
    kind: 'arguments',
    programs: 'pgrep pidof',
    why: 'it reads a file when told to',
    arguments: {
      flags: '-a -l -f -n -o -x -c -i -u',
      values: '-U -P -g -t',
      kinds: { '-U -P -g -t': 'names' },
      operands: 'any',
    },
  },
  {
    kind: 'arguments',
    programs: 'kill',
    why: 'it ends other processes',
    arguments: {
      flags: '-9 -15 -2 -1 -l -L -TERM -INT -HUP -KILL -USR1 -USR2 -QUIT -0',
      style: 'words',
      values: '-s',
      kinds: { '-s': 'name' },
      operands: 'process',
    },
  },
  {
    kind: 'arguments',
    programs: 'top',
    why: 'it is a program to work in, which can end others and write files',
    arguments: { flags: '-b -c -i -H', values: '-n -p -d -u -o', needs: '-b', atMost: 0 },
  },
  {
    kind: 'arguments',
    programs: 'dmesg',
    why: 'it opens a pager and can clear the log',
    arguments: {
      flags: '-T -x -k -u -w -L -e -t --ctime --decode --follow --nopager --reltime',
      values: '-l --level -f --facility',
      kinds: { '-l --level -f --facility': 'names' },
      atMost: 0,
    },
  },
  {
    kind: 'arguments',
    programs: 'bat batcat',
    why: 'it can start a pager and programs that prepare what it shows',
    queries: '--version -V --list-languages --list-themes -L',
    arguments: {
      flags: '-p -pp -n -A -S --plain --number --show-all --chop-long-lines --no-pager -P -u --unbuffered',
      values:
        '-l --language -r --line-range -H --highlight-line --style --color --decorations --paging --wrap --tabs --theme --terminal-width --file-name',
      kinds: {
        '-l --language --style --color --decorations --paging --wrap --tabs --terminal-width': 'names',
        '-r --line-range -H --highlight-line': 'lines',
      },
      refused: {
        '--pager': 'runs another program',
        '--lessopen': 'runs a program that a variable names',
        '-d --diff': 'asks git, which can start programs',
      },
      operands: 'shown',
    },
  },
  {
    kind: 'whole',
    programs:
      'editor sensible-editor emacs-nox emacs-gtk emacs-lucid emacs-pgtk emacsclient jmacs jpico jstar rjoe rnano nano-tiny gvimdiff vimtutor lv pager sensible-pager vi vim nvim nvi elvis gvim gview evim eview view rvim rview vimdiff ex ed red nano pico emacs vigr vipw micro helix hx code subl joe jed mg less more most pg xmore lessfilter lesspipe zless zmore info pinfo yelp help dialog whiptail fzf highlight pygmentize ranger mc nnn zathura vifm ncdu neofetch fastfetch htop btop atop glances delta',
    queries: '--version',
    why: 'it is a program to work in, which can run commands and open other files; a rule must spell out the whole command',
  },
  {
    kind: 'whole',
    programs:
      'duckdb usql pgcli mycli litecli clickhouse clickhouse-local csvsql csvpy visidata vd fx mlr mysql mariadb mysqldump psql pg_dump pg_restore sqlite3 sqlite mongo mongosh cqlsh influx clickhouse-client mssql-cli sqlcmd sqlplus tdbtool bconsole msfconsole debugfs ldapsearch dolt trino presto beeline hive impala-shell spark-submit spark-shell pyspark hdfs hadoop cypher-shell surreal sqlite-utils textql q octosql dsq sql2csv in2csv mysqladmin mysqlimport mysqlcheck mysqlpump mariadb-dump mariadb-admin mongodump mongorestore mongoexport mongoimport pg_basebackup pg_ctl pg_dumpall createdb dropdb createuser dropuser vacuumdb reindexdb clusterdb initdb postgres mysqld mongod redis-server redis-benchmark nodetool rabbitmqctl rabbitmqadmin kcat kafkacat kafka-topics kafka-console-consumer kafka-console-producer zkcli.sh etcdutl dbt flyway liquibase atlas migrate dbmate sqitch diesel sqlx sea-orm-cli clickhouse-benchmark',
    queries: '--version -V',
    why: 'it runs whatever its language can say; a rule must spell out the whole command',
  },
  {
    kind: 'whole',
    programs:
      'dd tee zgrep install ln link unlink mkfifo mknod shred truncate split csplit cpio pax lz4 lz4c unlz4 lz4cat lzop lzip plzip pixz compress unsquashfs genisoimage mkisofs arj unrar rar efax dos2unix unix2dos iconv recode uuencode uudecode ptx pr look shuf tsort ul soelim zsoelim nroff troff groff eqn tbl pic enscript espeak aspell ispell hunspell exiftool ffmpeg convert magick cupsfilter lp lpr scrot xclip xsel patch rename sponge vidir makewhatis msgattrib msgcat msgconv msgfilter msgmerge msguniq xsltproc xmllint csvtool basez base58 ascii85 atobm acr bee bbot check_by_ssh check_cups check_log check_memory check_raid check_ssl_cert check_statusfile cancel task m4 qpdf eb clamscan cppcheck crash hashcat john yara yarac zic mogrify composite montage compare import display animate conjure stream gm ffplay pdftotext pdftohtml pdftops pdftoppm pdfimages pdfunite pdfseparate mutool inkscape rsvg-convert cairosvg svgo optipng pngquant jpegoptim jpegtran cwebp dwebp gifsicle potrace tesseract ocrmypdf exiv2 jhead mkvmerge mkvextract mkvpropedit handbrakecli gst-launch-1.0 melt mplayer mpv vlc cvlc sox lame flac blender openscad povray gmic libreoffice soffice unoconv ssconvert mmdc plantuml wkhtmltoimage texi2pdf makeinfo bibtex biber latexindent rst2html rst2pdf asciidoc a2x hexedit bvi xdelta3 bspatch bsdiff rdiff dd_rescue ddrescue dcfldd dc3dd partclone foremost scalpel binwalk upx sd rpl fastmod codemod comby jscodeshift ast-grep autopep8 yapf autoflake pyupgrade docformatter uncrustify astyle indent del trash shx rimraf del-cli cpx cpy copyfiles mkdirp ncp mmv renameutils qmv massren rnr f2 stow chezmoi yadm jdupes fdupes rmlint fclones mbuffer pv xmlstarlet xidel xml2 saxon pee zargs',
    queries: '--version --help',
    why: 'it writes, sends or reads more than the first words say; a rule must spell out the whole command',
  },
  {
    kind: 'whole',
    programs:
      'umount losetup cryptsetup mdadm lvm dmsetup dmidecode fdisk parted mkfs fsck swapon modprobe insmod rmmod setcap getcap setfacl chown chgrp chattr chpasswd passwd useradd usermod userdel groupadd adduser visudo chage busctl bootctl plymouth logrotate rsyslogd auditctl lastb printenv kmod apport-cli bashbug xdg-user-dir xdotool xmodmap xpad wall write mesg scanmem virt-install killall pkill killall5 shutdown reboot halt poweroff init telinit grub-install efibootmgr hdparm nvme smartctl pidstat dstat sysdig bpftool cpupower turbostat jtag links2 genie cdrecord fuser blkid swapoff swaplabel renice zfs zpool btrfs tune2fs kexec brctl nmcli ethtool iwconfig newgrp logger apachectl supervisorctl mkcert etcdctl systemd-tmpfiles systemd-sysusers systemd-mount systemd-umount systemd-creds systemd-cryptenroll systemd-dissect systemd-firstboot systemd-hwdb systemd-repart systemd-sysext systemd-notify systemd-ask-password coredumpctl homectl portablectl oomctl networkctl varlinkctl userdbctl udevadm udisksctl upower powertop tuned-adm rfkill iw iwctl wpa_cli wpa_supplicant bluetoothctl pactl pacmd amixer alsactl fwupdmgr mokutil sbctl grubby grub-mkconfig update-grub update-initramfs dracut mkinitcpio depmod dkms kpartx partprobe sfdisk cfdisk gdisk sgdisk resize2fs xfs_repair xfs_growfs e2fsck e2image e2label fstrim fsfreeze edquota setquota quotaon quotaoff dmraid multipath iscsiadm smartd ipmitool racadm chsh chfn gpasswd newusers pwck grpck pwconv pwunconv grpconv faillock pam_tally2 sulogin login realm adcli kinit kdestroy kadmin kpasswd ktutil net smbcontrol pdbedit ldapadd ldapmodify ldapdelete ldappasswd slapadd slapcat ipa certutil pk12util auditd semanage setsebool setenforce restorecon chcon audit2allow aa-enforce aa-complain aa-disable apparmor_parser firewall-cmd iptables-save iptables-restore ipset ebtables arptables conntrack tc fail2ban-server ipcrm ipcmk setfattr defaults plutil scutil networksetup csrutil spctl codesign dscl diskutil hdiutil tmutil pmset nvram kextload kextunload dtrace dtruss screencapture osacompile automator shortcuts gsettings dconf gconftool-2 gdbus dbus-send qdbus xauth xhost xset xrandr wmctrl notify-send zenity kdialog rofi dmenu cgcreate cgset cgdelete sysdiagnose opensnoop lttng',
    queries: '--version',
    why: 'it changes the machine or shows what belongs to others; a rule must spell out the whole command',
  },
  {
    kind: 'arguments',
    programs: 'sysctl',
    why: 'it changes the kernel and reads what to change from files',
    queries: '--version',
    arguments: { flags: '-a -n -e -N --all --values --names --ignore', operands: 'key' },
  },
  {
    kind: 'subcommands',
    programs: 'loginctl timedatectl hostnamectl localectl resolvectl',
    why: 'it changes the machine, and can speak to another one',
    queries: '--version',
    skipped: '--no-pager',
    subcommands: {
      'status list-sessions list-users list-seats statistics': {
        by: 'name',
        arguments: { flags: '--no-pager -a --all -l --full --no-legend', atMost: 0 },
      },
    },
  },
  {
    kind: 'arguments',
    programs: 'last',
    why: 'it can read another file',
    arguments: {
      flags: '-a -d -F -i -w -x -R',
      values: '-n -s -t --limit --since --until',
      numbers: true,
      kinds: { '-n --limit': 'number' },
      operands: 'name',
    },
  },
  {
    kind: 'subcommands',
    programs: 'getent',
    why: 'some of what it knows are secrets',
    queries: '--version',
    subcommands: {
      'hosts ahosts ahostsv4 ahostsv6 networks protocols services passwd group': {
        by: 'name',
        arguments: { operands: 'name' },
      },
    },
  },
  {
    kind: 'subcommands',
    programs: 'man apropos',
    why: 'it is a program to work in, which can run commands and open other files; by prefix it only says what there is to read',
    queries: '--version',
    subcommands: { '-k -f --apropos --whatis': { by: 'name', arguments: { operands: 'name' } } },
  },
  {
    kind: 'arguments',
    programs: 'mount',
    why: 'it puts other file systems in place',
    queries: '--version',
    arguments: { flags: '-l', values: '-t', kinds: { '-t': 'names' }, atMost: 0 },
  },
  {
    kind: 'arguments',
    programs: 'apt-cache',
    why: 'its options can exchange the programs it runs',
    arguments: {
      flags: '-q -n -f --names-only --full --installed',
      first: { kind: 'name' },
      operands: 'name',
    },
  },
  {
    kind: 'whole',
    programs: 'claude codex gemini aider opencode goose cursor-agent llm ollama copilot',
    queries: '--version',
    why: 'it decides by itself what to run; a rule must spell out the whole command',
  },
  {
    kind: 'whole',
    programs:
      'pass op bw security secret-tool sops age keyring lpass gopass doppler infisical chamber teller',
    queries: '--version',
    why: 'it shows secrets or hands them to programs; a rule must spell out the whole command',
  },
];
