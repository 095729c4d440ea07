// The panel that builds the URL of a connection on which the server misbehaves.

import { byId, element } from './dom.js';
import { FAULTS, faultsIn, withFaults } from './fault-query.js';
import { count } from '../amounts.js';

/** Has the panel read and write the faults in the URL box. */
export function controlFaults(urlBox) {
  const rows = FAULTS.map(rowOf);
  byId('faultsForm').append(...rows.map(({ row }) => row));

  function show() {
    const found = faultsIn(urlBox.value);
    for (const { fault, box, fields } of rows) {
      box.checked = found.has(fault.name);
      fields.forEach((field, i) => {
        field.value = found.get(fault.name)?.[i] ?? field.value;
        field.disabled = !box.checked;
      });
    }
    byId('faultsShort').textContent = found.size ? count(found.size, 'fault') : '';
  }

  function write() {
    const chosen = rows.filter(({ box }) => box.checked);
    urlBox.value = withFaults(urlBox.value, new Map(chosen.map(({ fault, fields }) => [fault.name, fields.map(({ value }) => value)])));
    byId('faultsNote').textContent = chosen.length ? 'The URL has changed. Connect to try it.' : '';
    // The page's link follows the URL.
    urlBox.dispatchEvent(new Event('input', { bubbles: true }));
  }

  byId('faultsForm').addEventListener('submit', (event) => event.preventDefault());
  byId('faultsForm').addEventListener('input', write);
  urlBox.addEventListener('input', show);
  show();
}

function rowOf(fault) {
  const box = element('input');
  box.type = 'checkbox';
  const fields = fault.parts.map(({ label, usual }) => {
    const field = element('input', 'small');
    field.type = 'text';
    field.value = usual;
    field.setAttribute('aria-label', `${fault.label}: ${label.toLowerCase()}`);
    field.autocapitalize = 'off';
    field.spellcheck = false;
    return field;
  });
  const label = element('label', '', box, ` ${fault.label} `, element('code', '', fault.name));
  return { fault, box, fields, row: element('p', 'fault', label, element('span', '', ...fields)) };
}
