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
        '-H --header -X --request -m --max-time --connect-timeout --retry --retry-delay --retry-max-time --max-redirs -A --user-agent -e --referer -w --write-out -o --output --url -r --range',
      kinds: {
        '-H --header': 'header',
        '-X --request': 'method',
        '-w --write-out': 'writeout',
        '-o --output': 'devnull',
        '--url': 'url',
        '-A --user-agent -e --referer': 'writeout',
        '-m --max-time --connect-timeout --retry --retry-delay --retry-max-time --max-redirs': 'number',
      },
      refused: {
        '-K --config': 'takes options from a file',
        '-d --data --data-binary --data-raw --data-urlencode --json -F --form -T --upload-file': 'sends data',
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
    programs: 'dig drill host nslookup',
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
                '-s --state -l --label -A --author --assignee -L --limit -S --search --json -q --jq -b --branch -w --workflow -B --base -H --head -j --job --color --status -R --repo -i --interval -e --event -u --user',
              kinds: { '-q --jq': 'jq', '-R --repo': 'repository', '-i --interval': 'number' },
              operands: 'item',
              atMost: 1,
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
    kind: 'whole',
    programs:
      'ssh scp sftp rsync mosh telnet ftp lftp ncftp tftp socat socket rsh rcp sshfs sshuttle ssh-copy-id ssh-keygen ssh-keyscan ssh-add aria2c axel http https xh httpie lwp-request lwp-download links lynx w3m elinks yt-dlp rtorrent transmission-cli nmap masscan fping hping3 traceroute mtr tcpdump tshark wireshark dumpcap ab siege wrk whois finger mail mailx mutt alpine sendmail procmail smbclient rpcclient openssl gpg gpg2 openvpn wg wg-quick iptables ip6tables nft ufw ifconfig route arp bridge iftop dnsmasq dhclient ntpdate resolvectl systemd-resolve xdg-open open glab hub ngrok cloudflared gsutil bq stripe heroku-cli s3cmd rclone restic borg duplicity croc psftp plink pssh mosquitto mosquitto_pub minicom ascii-xfr urlget redis-cli redis mosh-server asterisk nginx apache2 apache2ctl httpd caddy',
    queries: '--version -V',
    why: 'it moves data between machines or starts programs there; a rule must spell out the whole command',
  },
];
