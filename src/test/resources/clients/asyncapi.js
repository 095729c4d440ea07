// Holds an AsyncAPI document against the specification, with the parser of the AsyncAPI project: node asyncapi.js <url>
const { Parser, fromURL } = require('@asyncapi/parser');

const ERROR = 0;

async function main(url) {
  const { document, diagnostics } = await fromURL(new Parser(), url).parse();
  const errors = diagnostics.filter((found) => found.severity === ERROR);
  errors.forEach((found) => console.log(found.code, found.path.join('.'), found.message));
  if (errors.length > 0 || !document) {
    process.exit(1);
  }
  console.log('version', document.info().version());
  document.operations().all().forEach((operation) => {
    const channel = operation.channels().all()[0];
    const messages = operation.messages().all().map((message) => message.id());
    console.log(operation.action(), channel.address(), operation.id() + ":", messages.join(', '));
  });
}

main(process.argv[2]);
