import type { Guard } from './guard.js';

export const NETWORK_GUARDS: readonly Guard[] = [
  {
    kind: 'arguments',
    programs: 'curl',
    why: 'it can write and send files, and take options from a file',
    queries: '--version -V',
    arguments: {
      flags:
        '-s -S -f -L -I -i -v -g -4 -6 -N -G --silent --show-error --fail --fail-with-body --location --head --include --verbose --compressed --no-buffer --ipv4 --ipv6 --http1.1 --http2 --no-progress-meter --get -# --progress-bar --retry-connrefused --tcp-nodelay',
      values:
        '-H --header -X --request -m --max-time --connect-timeout --retry --retry-delay --retry-max-time --max-redirs -A --user-agent -e --referer -w --write-out -o --output --url -r --range --data-urlencode',
      kinds: {
        '-H --header': 'header',
        '-X --request': 'method',
        '-w --write-out': 'writeout',
        '-o --output': 'devnull',
        '--url': 'url',
        '--data-urlencode': 'parameter',
        '-A --user-agent -e --referer': 'writeout',
        '-m --max-time --connect-timeout --retry --retry-delay --retry-max-time --max-redirs': 'number',
      },
      // What is sent stands in the address then.
      onlyWith: { '--data-urlencode': '-G --get' },
      refused: {
        '-K --config': 'takes options from a file',
        '-d --data --data-binary --data-raw --json -F --form -T --upload-file': 'sends data',
        '-O --remote-name -J --output-dir --create-dirs -D --dump-header -c --cookie-jar --trace --trace-ascii --stderr --libcurl --hsts --alt-svc --etag-save':
          'writes a file',
        '-b --cookie -n --netrc --netrc-file -E --cert --key -u --user --proxy-user --oauth2-bearer':
          'sends credentials',
        '-x --proxy --preproxy --socks5 --resolve --connect-to --unix-socket --abstract-unix-socket --interface --dns-servers --doh-url':
          'speaks to something else than the address says',
        '-k --insecure': 'does not check who answers',
        '--engine -q --disable': 'changes how it works',
      },
      operands: 'url',
    },
  },
  {
    kind: 'arguments',
    programs: 'wget',
    why: 'it writes files, can send them, and takes commands as options',
    queries: '--version -V',
    arguments: {
      flags: '-q -nv -v -S -4 -6 --quiet --no-verbose --server-response --spider',
      values: '-O --output-document -T --timeout -t --tries --header',
      kinds: { '-O --output-document': 'dash', '--header': 'header', '-T --timeout -t --tries': 'number' },
      needs: '-O --output-document --spider -qO-',
      operands: 'url',
    },
  },
  {
    kind: 'arguments',
    programs: 'ping ping6',
    why: 'it can flood, and read nothing else',
    arguments: {
      flags: '-4 -6 -n -q -v -a -D',
      values: '-c -i -w -W -s -t',
      kinds: { '-c -w -W -s -t': 'number', '-i': 'number' },
      operands: 'url',
      atMost: 1,
    },
  },
  {
    kind: 'arguments',
    programs: 'dig drill host nslookup kdig delv dog doggo',
    why: 'it can read names from a file, and names carry data out',
    arguments: {
      flags: '-4 -6',
      values: '-t -p -x',
      kinds: { '-t -p -x': 'name' },
      operands: 'dnsword',
      atMost: 6,
    },
  },
  {
    kind: 'arguments',
    programs: 'lsof',
    why: 'it can read the kernel from a file and write what it remembers',
    arguments: {
      flags: '-n -P -l -a -t -b -R -U -O',
      values: '-p -u -c -d',
      optional: '-i -s',
      kinds: { '-p -u -c -d': 'names', '-i -s': 'socket' },
      operands: 'socket',
    },
  },
  {
    kind: 'arguments',
    programs: 'ss netstat',
    why: 'it can write files, read filters from one and end connections',
    arguments: {
      flags:
        '-t -u -l -n -p -a -r -s -i -e -o -4 -6 -x -w -P -h --listening --tcp --udp --numeric --processes --all',
      operands: 'socketfilter',
    },
  },
  {
    kind: 'arguments',
    programs: 'ip',
    why: 'it can run programs in other namespaces and change the network',
    skipped: '-4 -6 -c -s -d -j -p -o -br -brief -color -json -pretty -details -stats',
    arguments: {
      flags: '-4 -6 -c -s -d -j -p -o -br -brief -color -json -pretty -details -stats',
      first: { kind: 'ipobject' },
      operands: 'ipwords',
      style: 'words',
    },
  },
  {
    kind: 'subcommands',
    programs: 'gh',
    why: 'it changes what lies on the server, runs extensions and aliases, and opens browsers',
    queries: '--version',
    subcommands: {
      'pr issue run release workflow': {
        by: 'subcommand',
        subcommands: {
          'list ls view status checks diff watch': {
            by: 'name',
            arguments: {
              flags:
                '-c --comments --name-only --patch --all -a --log --log-failed --exit-status --required -d --draft --verbose -v --watch --fail-fast --compact --exclude-drafts --exclude-pre-releases',
              values:
                '-s --state -l --label -A --author --assignee -L --limit -S --search --json -q --jq -b --branch --workflow -B --base -H --head -j --job --color --status -R --repo -i --interval -e --event -u --user',
              kinds: { '-q --jq': 'jq', '-R --repo': 'repository', '-i --interval': 'number' },
              operands: 'item',
              atMost: 1,
            },
          },
          // Without a text it would start an editor.
          create: {
            by: 'subcommand',
            arguments: {
              flags: '-d --draft -f --fill --fill-first --fill-verbose --no-maintainer-edit',
              values:
                '-t --title -b --body -B --base -H --head -l --label -a --assignee -r --reviewer -m --milestone',
              needs: '-b --body -f --fill --fill-first --fill-verbose',
              atMost: 0,
            },
          },
          comment: {
            by: 'subcommand',
            arguments: { values: '-b --body', needs: '-b --body', operands: 'item', atMost: 1 },
          },
        },
      },
      'label cache variable secret': {
        by: 'subcommand',
        subcommands: {
          'list ls': {
            by: 'name',
            arguments: {
              values: '--json -q --jq -L --limit -S --search --order --sort',
              kinds: { '-q --jq': 'jq' },
              atMost: 0,
            },
          },
        },
      },
      auth: {
        by: 'subcommand',
        subcommands: { status: { by: 'subcommand', arguments: { flags: '-a --active', atMost: 0 } } },
      },
      search: {
        by: 'subcommand',
        subcommands: {
          'prs issues repos commits code': {
            by: 'name',
            arguments: {
              flags: '--draft --merged --archived',
              values:
                '--author --assignee --state --label --repo --owner --language --limit -L --sort --order --json -q --jq --created --updated --closed --review --review-requested --involves --mentions --base --head --match --filename --extension --topic --visibility',
              kinds: { '-q --jq': 'jq' },
              operands: 'searchedfor',
            },
          },
        },
      },
      repo: {
        by: 'subcommand',
        subcommands: {
          view: {
            by: 'name',
            arguments: {
              values: '--json -q --jq -b --branch',
              kinds: { '-q --jq': 'jq' },
              operands: 'repository',
              atMost: 1,
            },
          },
          'list ls': {
            by: 'name',
            arguments: {
              values: '--json -q --jq -L --limit -l --language --visibility',
              kinds: { '-q --jq': 'jq' },
              operands: 'name',
              atMost: 1,
            },
          },
        },
      },
      api: {
        by: 'subcommand',
        arguments: {
          flags: '--paginate --slurp -i --include --silent',
          values: '-q --jq --cache -X --method',
          kinds: { '-q --jq': 'jq', '--cache': 'number', '-X --method': 'method' },
          operands: 'endpoint',
          atMost: 1,
          refused: {
            '-f --raw-field -F --field --input': 'changes what lies on the server',
            '--hostname': 'speaks to another server',
          },
        },
      },
    },
  },
  {
    kind: 'arguments',
    programs: 'whois',
    why: 'it asks whom it is told to, and what it asks carries data out',
    queries: '--version',
    arguments: { operands: 'hostname', atMost: 1 },
  },
  {
    kind: 'arguments',
    programs: 'nc ncat netcat',
    why: 'it connects programs and files to the network; by prefix it only tells whether a port is open',
    arguments: {
      flags: '-z -v -n -4 -6',
      values: '-w',
      kinds: { '-w': 'number' },
      needs: '-z',
      operands: 'port',
      atMost: 2,
    },
  },
  {
    kind: 'arguments',
    programs: 'rsync',
    why: 'it moves data between machines, runs programs there and deletes; by prefix it only tells what it would do here',
    queries: '--version -V',
    arguments: {
      flags:
        '-n -a -v -vv -r -z -i -u -c -l -t -p -o -g -D -h -H -x -W -I -O -J --dry-run --archive --verbose --recursive --compress --itemize-changes --update --checksum --links --times --perms --stats --human-readable --delete --delete-excluded --delete-after --delete-before --existing --ignore-existing --size-only --info=progress2 --no-perms --no-owner --no-group',
      values: '--exclude --include',
      needs: '-n --dry-run',
      operands: 'context',
      refused: {
        '-e --rsh --rsync-path -M --remote-option': 'runs another program',
        '-f --filter --files-from --include-from --exclude-from --password-file --early-input':
          'reads a file from elsewhere',
        '--log-file --write-batch --only-write-batch --backup-dir -T --temp-dir --partial-dir':
          'writes files',
      },
    },
  },
  {
    kind: 'arguments',
    programs: 'nmap',
    why: 'its scripts run code, and it writes reports and reads names from files',
    queries: '--version -V',
    arguments: {
      style: 'words',
      flags: '-sn -sT -sV -sP -Pn -n -F -v -vv -4 -6 -T0 -T1 -T2 -T3 -T4 -T5 -open -reason -p-',
      values: '-p -top-ports -max-retries -host-timeout',
      kinds: { '-p': 'names', '-top-ports -max-retries -host-timeout': 'number' },
      operands: 'names',
    },
  },
  {
    kind: 'arguments',
    programs: 'traceroute tracepath traceroute6',
    why: 'it can be told by which other machines to go',
    arguments: {
      flags: '-n -4 -6 -I -T -b',
      values: '-m -q -w -p',
      kinds: { '-m -q -w -p': 'number' },
      operands: 'port',
      atMost: 2,
    },
  },
  {
    kind: 'subcommands',
    programs: 'openssl',
    why: 'it reads keys, connects elsewhere, writes files and loads engines',
    queries: 'version --version',
    subcommands: {
      version: { by: 'subcommand', arguments: { flags: '-a -v -d' } },
      x509: {
        by: 'subcommand',
        arguments: {
          style: 'words',
          flags:
            '-noout -text -subject -issuer -dates -startdate -enddate -serial -fingerprint -hash -subject_hash -issuer_hash -email -ocsp_uri -purpose -modulus -pubkey -alias -sha1 -sha256 -sha512 -md5',
          values: '-in -inform -nameopt -certopt -ext -checkend',
          kinds: {
            '-in': 'plainfile',
            '-inform': 'name',
            '-nameopt -certopt -ext': 'names',
            '-checkend': 'number',
          },
          atMost: 0,
        },
      },
      dgst: {
        by: 'subcommand',
        arguments: { style: 'words', flags: '-sha1 -sha256 -sha384 -sha512 -md5 -r -hex', operands: 'below' },
      },
      rand: {
        by: 'subcommand',
        arguments: { style: 'words', flags: '-hex -base64', operands: 'number', atMost: 1 },
      },
    },
  },
  {
    kind: 'subcommands',
    programs: 'ssh-keygen',
    why: 'it makes, shows and overwrites keys, and loads libraries',
    subcommands: {
      '-l -lv': {
        by: 'subcommand',
        arguments: { flags: '-v', values: '-f -E', kinds: { '-f': 'below', '-E': 'name' }, atMost: 0 },
      },
      '-lf': { by: 'subcommand', arguments: { operands: 'below', atMost: 1 } },
    },
  },
  {
    kind: 'subcommands',
    programs: 'redis-cli',
    why: 'it changes data, runs scripts and changes how the server works',
    queries: '--version -v',
    subcommands: {
      'ping get mget exists ttl pttl type strlen llen lrange lindex hget hmget hgetall hkeys hlen hexists smembers scard sismember zrange zcard zscore keys scan dbsize info PING GET MGET EXISTS TTL TYPE STRLEN LLEN LRANGE HGET HGETALL HKEYS HLEN SMEMBERS SCARD ZRANGE ZCARD KEYS SCAN DBSIZE INFO':
        { by: 'subcommand', arguments: { operands: 'any' } },
    },
  },
  {
    kind: 'whole',
    programs:
      'ssh scp sftp mosh telnet ftp lftp ncftp tftp socat socket rsh rcp sshfs sshuttle ssh-copy-id ssh-keyscan ssh-add aria2c axel http https xh httpie lwp-request lwp-download links lynx w3m elinks yt-dlp rtorrent transmission-cli masscan fping hping3 mtr tcpdump tshark wireshark dumpcap ab siege wrk finger mail mailx mutt alpine sendmail procmail smbclient rpcclient gpg gpg2 openvpn wg wg-quick iptables ip6tables nft ufw ifconfig route arp bridge iftop dnsmasq dhclient ntpdate systemd-resolve xdg-open sensible-browser x-www-browser www-browser gnome-www-browser firefox chromium chromium-browser google-chrome netkit-ftp tnftp inetutils-ftp inetutils-telnet bsd-mailx s-nail open glab hub ngrok cloudflared gsutil bq stripe heroku-cli s3cmd rclone restic borg duplicity croc psftp plink pssh mosquitto mosquitto_pub minicom ascii-xfr urlget redis mosh-server asterisk nginx apache2 apache2ctl httpd caddy dropbear dbclient tsh teleport boundary chisel frpc frps bore localtunnel lt zrok tailscaled headscale zerotier-cli ipsec vpnc openconnect curlie hurl grpcurl grpcui evans websocat wscat httpx nuclei ffuf gobuster dirb nikto wfuzz hydra medusa ncrack crackmapexec smbmap enum4linux responder msfvenom aircrack-ng bettercap ettercap arpspoof arping nping hping tcpreplay ngrep tcpflow ssldump mitmproxy mitmdump mitmweb amass subfinder katana naabu rustscan zmap iperf iperf3 netperf wput aria2 cadaver curlftpfs mget swaks msmtp sendemail postfix postsuper postqueue exim exim4 doveadm fetchmail getmail isync mbsync offlineimap notmuch neomutt unison rsnapshot rdiff-backup kopia bup tarsnap syncthing attic s5cmd s4cmd minio azcopy cosign crane oras regctl notation step cfssl cfssljson easyrsa certtool p11tool pkcs11-tool keytool keyctl whatweb sslscan sslyze testssl.sh dnsrecon dnsx avahi-browse gallery-dl streamlink youtube-dlc httptoolkit lighttpd haproxy varnishd traefik envoy uwsgi php-fpm pwncat cryptcat',
    queries: '--version -V',
    why: 'it moves data between machines or starts programs there; a rule must spell out the whole command',
  },
];
