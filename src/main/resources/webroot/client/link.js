// The page's settings in the query of its URL, so that a diagnosis can be shared as a link.

import { byId, copy, flash } from './dom.js';
import { isOwn, urlProblem } from '../connection.js';

/** The controls by the name that they have in the query. What has its first value is left out. */
const CONTROLS = {
  url: 'connectionUrl',
  protocol: 'protocolChoice',
  message: 'sendMessage',
  rate: 'flowRate',
  size: 'flowSize',
  seconds: 'flowSeconds',
  flow: 'flowType',
  minutes: 'probeMinutes',
  code: 'closeCode',
  reason: 'closeReason',
  filter: 'filterText',
  kind: 'filterKind',
  direction: 'filterDirection',
};
/** The groups that may be open, likewise. */
const GROUPS = {
  continuous: 'flowGroup',
  compare: 'compareGroup',
  file: 'fileGroup',
  close: 'closeGroup',
  roundtrips: 'roundTrips',
  details: 'details',
  explain: 'explainGroup',
  faults: 'faultsGroup',
  probe: 'probeGroup',
};
const OWN = [...Object.keys(CONTROLS), 'hex', 'type', 'ping', 'reconnect', 'open'];
const TYPES = ['text', 'binary', 'hex', 'base64'];
const SETTLED_MILLIS = 300;

/** Takes the settings out of the URL; to be called once, before anything is shown. Nothing here connects or sends. */
export class Link {
  #defaults = {};
  #timer;

  constructor() {
    const query = new URLSearchParams(location.search);
    for (const [name, id] of Object.entries(CONTROLS)) {
      this.#defaults[name] = byId(id).value;
      if (query.has(name)) {
        setValue(byId(id), query.get(name));
      }
    }
    this.#takeSpecial(query);
    document.addEventListener('input', () => this.changed());
    document.addEventListener('toggle', () => this.changed(), true);
    byId('copyLink').addEventListener('click', async () => {
      this.#write();
      flash(byId('copyLink'), (await copy(location.href)) ? 'Copied' : 'In the address bar');
    });
  }

  /** The settings that are not the value of one control. */
  #takeSpecial(query) {
    const protocol = query.get('protocol');
    if (protocol && byId('protocolChoice').value !== protocol) {
      byId('protocolChoice').value = 'other';
      byId('protocolOther').value = protocol;
    }
    if (TYPES.includes(query.get('type'))) {
      byId('sendForm').elements.type.value = query.get('type');
    }
    // Links of earlier versions name the bytes so.
    if (query.has('hex')) {
      byId('sendForm').elements.type.value = 'hex';
      byId('sendMessage').value = query.get('hex');
    }
    byId('reconnectSwitch').checked = query.get('reconnect') === '1';
    if (query.has('ping')) {
      setValue(byId('pingSeconds'), query.get('ping'));
      // A link sends nothing by itself: where it connects by itself, the pings wait until somebody switches them on.
      byId('pingSwitch').checked = !this.wantsToConnect;
    }
    for (const name of (query.get('open') ?? '').split(' ')) {
      if (Object.hasOwn(GROUPS, name)) {
        byId(GROUPS[name]).open = true;
      }
    }
  }

  get wantsToConnect() {
    return new URLSearchParams(location.search).get('connect') === '1';
  }

  /**
   * Whether the link may connect by itself: only to the server that the page came from. Whoever follows a link from somebody else must not find that his browser has
   * connected to some other server from inside his network, with his address and cookies; for that he has to press Connect, and sees the URL before.
   */
  get mayConnect() {
    return this.wantsToConnect && isOwn(byId('connectionUrl').value);
  }

  /** The host of the URL, where that leads to another server than the page's own; otherwise empty. */
  get foreignHost() {
    const url = byId('connectionUrl').value.trim();
    return urlProblem(url) || isOwn(url) ? '' : new URL(url).host;
  }

  /** The query follows the controls; a little later, as browsers limit how often it may change. */
  changed() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#write(), SETTLED_MILLIS);
  }

  #write() {
    clearTimeout(this.#timer);
    // What we do not know stays: a proxy may need it.
    const query = new URLSearchParams([...new URLSearchParams(location.search)].filter(([name]) => !OWN.includes(name)));
    for (const [name, id] of Object.entries(CONTROLS)) {
      put(query, name, byId(id).value, this.#defaults[name]);
    }
    const other = byId('protocolChoice').value === 'other';
    put(query, 'protocol', other ? byId('protocolOther').value.trim() : byId('protocolChoice').value, '');
    put(query, 'type', byId('sendForm').elements.type.value, 'text');
    put(query, 'reconnect', byId('reconnectSwitch').checked ? '1' : '', '');
    put(query, 'ping', byId('pingSwitch').checked ? byId('pingSeconds').value : '', '');
    put(query, 'open', Object.keys(GROUPS).filter((name) => byId(GROUPS[name]).open).join(' '), '');
    const search = query.size ? `?${query}` : '';
    if (search !== location.search) {
      history.replaceState(null, '', `${location.pathname}${search}${location.hash}`);
    }
  }
}

/** A choice that there is not, and a number that is none, leave the control as it was. */
function setValue(control, value) {
  const before = control.value;
  control.value = value;
  if (control.value === '' && value !== '') {
    control.value = before;
  }
}

function put(query, name, value, usual) {
  if (value !== usual) {
    query.set(name, value);
  }
}
