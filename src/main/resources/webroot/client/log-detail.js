// The whole message below its row: as text, as formatted JSON, or as a hex dump; and a button that copies it.

import { copy, element, flash } from './dom.js';
import { hexDump, parseHex, utf8 } from './payload.js';
import { size } from '../amounts.js';

/** The row that stands below an opened one. */
export function detailOf(entry) {
  const views = viewsOf(entry);
  const pre = element('pre', '');
  pre.tabIndex = 0;
  pre.setAttribute('aria-label', 'Message');
  const buttons = views.map(({ name, text }) => {
    const button = element('button', 'small', name);
    button.type = 'button';
    button.addEventListener('click', () => show(button, text));
    return button;
  });

  function show(chosen, text) {
    pre.textContent = text();
    for (const button of buttons) {
      button.setAttribute('aria-pressed', button === chosen);
    }
  }

  const copyButton = element('button', 'small end', 'Copy');
  copyButton.type = 'button';
  copyButton.addEventListener('click', async () => flash(copyButton, (await copy(pre.textContent)) ? 'Copied' : 'Not copied'));
  show(buttons[0], views[0].text);
  const cell = element('td', '', element('div', 'bar', ...buttons, element('span', 'hint', factsOf(entry)), copyButton), pre);
  cell.colSpan = 4;
  return element('tr', 'commslog-detail', cell);
}

/** The views that fit a message, the best one first. */
function viewsOf({ type, data }) {
  if (type === 'binary') {
    const bytes = () => parseHex(data).bytes;
    return [
      { name: 'Hex', text: () => hexDump(bytes()) },
      { name: 'Text', text: () => new TextDecoder().decode(bytes()) },
      { name: 'Base64', text: () => btoa(String.fromCharCode(...bytes())) },
    ];
  }
  const plain = [{ name: 'Text', text: () => data }, { name: 'Hex', text: () => hexDump(utf8(data)) }];
  const json = formattedJson(data);
  return json === null ? plain : [{ name: 'JSON', text: () => json }, ...plain];
}

/** JSON of an object or an array, indented; null for anything else. */
export function formattedJson(text) {
  if (!/^\s*[[{]/.test(text)) {
    return null;
  }
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return null;
  }
}

function factsOf(entry) {
  const kept = entry.cut ? '; the log holds only the beginning' : '';
  return `${entry.type}, ${size(entry.size)}${kept}`;
}
