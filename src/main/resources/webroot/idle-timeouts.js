// Which time-outs of the usual proxies fit the moment at which a connection was cut.

/**
 * Defaults as of November 2026: from the vendors' documentation, but for haproxy (Debian's haproxy.cfg; itself it has none) and for Cloudflare, Azure's
 * Application Gateway and AWS' NAT gateway (from people who measured). `idle`: the time without traffic. `life`: the whole life of the connection, whatever the traffic.
 */
export const USUAL_TIMEOUTS = [
  { seconds: 30, of: 'life', who: 'Google Cloud Application Load Balancer', what: 'backend service timeout, which bounds a WebSocket\u2019s whole life' },
  { seconds: 50, of: 'idle', who: 'haproxy as Debian configures it', what: 'timeout client and timeout server; set timeout tunnel' },
  { seconds: 55, of: 'idle', who: 'Heroku router', what: 'fixed' },
  { seconds: 60, of: 'idle', who: 'nginx, ingress-nginx', what: 'proxy_read_timeout and proxy_send_timeout' },
  { seconds: 60, of: 'idle', who: 'AWS Application or Classic Load Balancer', what: 'idle_timeout.timeout_seconds' },
  { seconds: 100, of: 'idle', who: 'Cloudflare', what: 'fixed except for enterprise plans' },
  { seconds: 240, of: 'idle', who: 'Azure Load Balancer, Application Gateway', what: 'idle timeout, 4 to 30 minutes' },
  { seconds: 300, of: 'idle', who: 'Envoy', what: 'stream_idle_timeout' },
  { seconds: 300, of: 'idle', who: 'Azure Front Door', what: 'fixed' },
  { seconds: 350, of: 'idle', who: 'AWS Network Load Balancer, NAT gateway', what: 'tcp.idle_timeout.seconds of the listener; fixed for the gateway' },
  { seconds: 600, of: 'idle', who: 'AWS API Gateway, CloudFront', what: 'fixed' },
  { seconds: 1200, of: 'idle', who: 'Google Cloud NAT', what: 'tcpEstablishedIdleTimeoutSec' },
  { seconds: 3600, of: 'idle', who: 'Envoy as a TCP proxy', what: 'idle_timeout' },
  { seconds: 7200, of: 'life', who: 'AWS API Gateway', what: 'fixed' },
  { seconds: 14400, of: 'life', who: 'Azure Front Door', what: 'fixed' },
];

/** The page's clock begins a little later than the proxy's; and proxies look at their timers now and then (nginx cuts at 61 s). */
const EARLY_SECONDS = 1;
const LATE_SECONDS = 2.5;
const LATE_PART = 0.02;

/** Those that fit, the best first. `quiet`: seconds without traffic before the end; `age`: seconds since the connection opened. */
export function matchingTimeouts({ quiet, age }) {
  return USUAL_TIMEOUTS.map((timeout) => ({ ...timeout, late: (timeout.of === 'life' ? age : quiet) - timeout.seconds }))
    .filter(({ seconds, late }) => late >= -EARLY_SECONDS && late <= latest(seconds))
    .sort((one, other) => Math.abs(one.late) - Math.abs(other.late));
}

/** Those that end a connection `from` to `to` seconds after its last message (`of` is `idle`) or after its start (`life`), the shortest first. */
export function timeoutsBetween(of, from, to) {
  return USUAL_TIMEOUTS.filter((timeout) => timeout.of === of && timeout.seconds - EARLY_SECONDS <= to && timeout.seconds + latest(timeout.seconds) >= from);
}

function latest(seconds) {
  return Math.max(LATE_SECONDS, seconds * LATE_PART);
}
