// Drives one page in Firefox by WebDriver BiDi, for the Java class Firefox. Each line of the input is a command with its
// arguments as JSON, for example ["click", "#connectButton"], and gets one line as answer: {"value": …} or
// {"problem": "…"}. The browser ends with the input. Argument: the browser's executable.
import {createInterface} from 'node:readline';
import {pathToFileURL} from 'node:url';

const PATIENCE_MILLIS = 30_000;

// An import does not look into NODE_PATH by itself.
const module = pathToFileURL(process.env.NODE_PATH + '/puppeteer-core/lib/puppeteer/puppeteer-core.js');
const {default: puppeteer} = await import(module);
const browser = await puppeteer.launch({browser: 'firefox', executablePath: process.argv[2], acceptInsecureCerts: true});
const page = await browser.newPage();
page.setDefaultTimeout(PATIENCE_MILLIS);

const complaints = [];
page.on('console', message => complaints.push(message.text()));
page.on('pageerror', error => complaints.push(error.message));

const textOf = selector => page.evaluate(selector => document.querySelector(selector)?.textContent ?? null, selector);

const commands = {
  open: url => page.goto(url),
  click: selector => page.locator(selector).click(),
  fill: (selector, value) => page.locator(selector).fill(value),
  evaluate: expression => page.evaluate(expression),
  complaints: () => complaints,
  async awaitText(selector, text) {
    try {
      await page.waitForFunction(
          (selector, text) => document.querySelector(selector)?.textContent.includes(text), {}, selector, text);
    } catch {
      throw new Error(`${selector} does not contain "${text}", but "${await textOf(selector)}"`);
    }
  },
};

async function answer([name, ...parameters]) {
  try {
    const value = await commands[name](...parameters);
    return {value: name === 'evaluate' || name === 'complaints' ? value : undefined};
  } catch (error) {
    return {problem: error.message};
  }
}

for await (const line of createInterface({input: process.stdin})) {
  console.log(JSON.stringify(await answer(JSON.parse(line))));
}
await browser.close();
