// What is known of the connection: what was agreed, who answers, how old and how quiet it is.

import { byId, element } from './dom.js';
import { httpVersionOf, pageHttpVersion } from './http-version.js';
import { count, millis, size, span } from '../amounts.js';

const UNSEEN = 'The browser answers the server\u2019s pings itself; scripts cannot see them.';

/** `source()` gives {connection, url, traffic, greeting, http, offered, end}; asked while the details are shown. */
export class Details {
  #source;
  #group = byId('details');

  constructor(source) {
    this.#source = source;
    this.#group.addEventListener('toggle', () => this.show());
    setInterval(() => this.#source().connection.isOpen && this.show(), 1000);
  }

  get isShown() {
    return this.#group.open;
  }

  show() {
    if (!this.#group.open) {
      return;
    }
    const facts = factsOf(this.#source());
    byId('detailsList').replaceChildren(
      ...facts.flatMap(([name, value, remark]) => [
        element('dt', '', name),
        element('dd', '', value, ...(remark ? [element('small', '', remark)] : [])),
      ]),
    );
    byId('detailsNone').hidden = facts.length > 0;
  }
}

function factsOf(source) {
  return source.traffic.known ? [...agreed(source), ...httpVersions(source), ...answering(source), ...times(source), ...amounts(source), ...ending(source)] : [];
}

function agreed({ connection, offered }) {
  const protocol = connection.protocol || 'none';
  return [
    ['Subprotocol', protocol, offered.length ? `offered: ${offered.join(', ')}` : 'none offered'],
    ['Extensions', connection.extensions || 'none', connection.extensions ? '' : 'browsers always offer permessage-deflate'],
  ];
}

function httpVersions({ greeting, url }) {
  return [
    ['Page loaded over', pageHttpVersion(), 'chosen by the browser; it may choose another HTTP version for the WebSocket'],
    ['WebSocket over', httpVersionOf(url, greeting), httpRemark(url, greeting)],
  ];
}

function httpRemark(url, greeting) {
  if (greeting?.http) {
    return 'as received by the server; a proxy may use another HTTP version';
  }
  return /^ws:/i.test(url) ? 'browsers use no other version without TLS' : 'browsers do not tell scripts; with the subprotocol resound.echo.v1, the server does';
}

function answering({ greeting, http }) {
  if (greeting) {
    return [['Answered by', `${greeting.instance}`, `version ${greeting.version}${greeting.java && `, Java ${greeting.java}`}; reported over this connection`]];
  }
  return http?.instance
    ? [['HTTP answered by', `${http.instance}`, 'to GET \u2026?explain. A load balancer may have sent the WebSocket to another instance; resound.echo.v1 shows which.']]
    : [['Answered by', 'unknown', 'with the subprotocol resound.echo.v1, the server reports it']];
}

function times({ connection, traffic, keepAlive }) {
  const quiet = ['Quiet for', span(traffic.quiet), 'since the last message in either direction'];
  const facts = [[connection.isOpen ? 'Open for' : 'Was open for', span(traffic.age)], quiet];
  if (!keepAlive) {
    return [...facts, ['Idle timeout', 'unknown', `the server has not reported it. ${UNSEEN}`]];
  }
  const { interval, idleTimeout } = keepAlive;
  if (!(idleTimeout > 0)) {
    return [...facts, ['Idle timeout', 'none', 'keep-alive is disabled on the server']];
  }
  const left = Math.max(0, idleTimeout - traffic.unheard(interval));
  const rule = `the server pings every ${span(interval)} and ends a connection after ${span(idleTimeout)} (2 \u00d7 X) without data from the client. ${UNSEEN}`;
  return [...facts, ['Idle timeout', connection.isOpen ? `in ${span(Math.round(left))}, unless a pong or a message comes` : span(idleTimeout), rule]];
}

function amounts({ connection, traffic, roundTrips }) {
  const { sent, received } = traffic.totals;
  const amount = ({ messages, bytes }) => `${count(messages, 'message')}, ${size(bytes)}`;
  const waiting = connection.bufferedAmount;
  const facts = [
    ['Sent', amount(sent), waiting ? `${size(waiting)} of it still in the browser` : ''],
    ['Received', amount(received)],
  ];
  return roundTrips.count ? [...facts, ['Round trip', `${millis(roundTrips.percentile(0.5))} (median)`]] : facts;
}

function ending({ connection, end }) {
  return end && !connection.isOpen ? [['Ended', `with ${end.code}${end.reason && ` \u201c${end.reason}\u201d`}`, end.meaning]] : [];
}
