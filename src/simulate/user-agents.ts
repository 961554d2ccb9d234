/** A browser as logs name it, with its share of listeners. */
interface Agent {
  readonly share: number;
  readonly text: string;
}

const WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)";
const chrome = (share: number, system: string, version: string): Agent => ({
  share,
  text: `"Mozilla/5.0 (${system}) ${WEBKIT} Chrome/${version} Safari/537.36"`,
});
const firefox = (share: number, system: string, version: string): Agent => ({
  share,
  text: `Mozilla/5.0 (${system}; rv:${version}) Gecko/20100101 Firefox/${version}`,
});
const safari = (share: number, system: string, version: string, build: string): Agent => ({
  share,
  text: `"Mozilla/5.0 (${system}) AppleWebKit/${build} (KHTML, like Gecko) Version/${version} Safari/${build}"`,
});

const MAC = "Macintosh; Intel Mac OS X 10_9_4";
const WINDOWS_7 = "Windows NT 6.1; WOW64";
const WINDOWS_81 = "Windows NT 6.3; WOW64";

/** Browsers of 2014, as in the public logs; shares add up by operating system to those of the full log. */
export const USER_AGENTS: readonly Agent[] = [
  chrome(9.5, MAC, "36.0.1985.143"),
  chrome(7.5, MAC, "36.0.1985.125"),
  chrome(6.2, MAC, "37.0.2062.94"),
  safari(8.7, MAC, "7.0.6", "537.78.2"),
  safari(4.1, MAC, "7.0.5", "537.77.4"),
  firefox(4.1, "Macintosh; Intel Mac OS X 10.9", "31.0"),
  chrome(11.1, WINDOWS_7, "36.0.1985.143"),
  chrome(8.6, WINDOWS_7, "36.0.1985.125"),
  chrome(4.2, WINDOWS_7, "37.0.2062.103"),
  firefox(9.3, WINDOWS_7, "31.0"),
  { share: 1.9, text: `Mozilla/5.0 (${WINDOWS_7}; Trident/7.0; rv:11.0) like Gecko` },
  chrome(5.2, WINDOWS_81, "36.0.1985.143"),
  firefox(2.1, WINDOWS_81, "31.0"),
  { share: 1.8, text: `Mozilla/5.0 (${WINDOWS_81}; Trident/7.0; rv:11.0) like Gecko` },
  chrome(3.2, "X11; Linux x86_64", "37.0.2062.94"),
  firefox(3.2, "X11; Ubuntu; Linux x86_64", "31.0"),
  {
    share: 3.5,
    text:
      '"Mozilla/5.0 (iPhone; CPU iPhone OS 7_1_2 like Mac OS X) AppleWebKit/537.51.2 (KHTML, like Gecko) ' +
      'Version/7.0 Mobile/11D257 Safari/9537.53"',
  },
  {
    share: 1.4,
    text:
      '"Mozilla/5.0 (iPad; CPU OS 7_1_2 like Mac OS X) AppleWebKit/537.51.2 (KHTML, like Gecko) ' +
      'Version/7.0 Mobile/11D257 Safari/9537.53"',
  },
  firefox(2.2, "Windows NT 5.1", "31.0"),
  chrome(1.9, "Windows NT 6.2; WOW64", "36.0.1985.125"),
  firefox(0.26, "Windows NT 6.0", "31.0"),
];
