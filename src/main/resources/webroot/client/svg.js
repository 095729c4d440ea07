const SVG = 'http://www.w3.org/2000/svg';

/** A new element of a drawing. */
export function shape(name, attributes = {}, ...children) {
  const made = document.createElementNS(SVG, name);
  Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
  made.append(...children);
  return made;
}
