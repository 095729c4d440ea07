// The few things that every part of the page does with elements. Text goes in as text nodes, never as HTML.

export const byId = (id) => document.getElementById(id);

/** A new element; children may be strings. */
export function element(name, className = '', ...children) {
  const made = document.createElement(name);
  if (className) {
    made.className = className;
  }
  made.append(...children);
  return made;
}

/** Shows what is wrong with a control, beside it and to a screen reader; an empty text takes it back. */
export function showProblem(control, problem, place) {
  place.textContent = problem;
  control.setAttribute('aria-invalid', problem !== '');
}

/** Puts a text on the clipboard; says whether that went well. */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyOldWay(text);
  }
}

/** Without TLS a page on another host than localhost has no navigator.clipboard, and that is where this page often runs. */
function copyOldWay(text) {
  const area = element('textarea', 'offscreen', text);
  const focused = document.activeElement;
  document.body.append(area);
  area.select();
  const done = document.execCommand('copy');
  area.remove();
  focused?.focus();
  return done;
}

/** Says on a button for a moment what became of it. */
export function flash(button, text) {
  button.dataset.label ??= button.textContent;
  button.textContent = text;
  setTimeout(() => {
    button.textContent = button.dataset.label;
  }, 1500);
}
