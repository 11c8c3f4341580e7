// Parses Mermaid diagrams with Mermaid's own parser: a JSON list of texts comes in, a list of errors (or nulls) goes out.
// Usage: node check_mermaid.mjs FOLDER, where `npm install --prefix FOLDER mermaid jsdom` has been run.
const folder = `${process.argv[2]}/node_modules`;
const { JSDOM } = (await import(`${folder}/jsdom/lib/api.js`)).default;
const { window } = new JSDOM("");
globalThis.window = window;
globalThis.document = window.document;
const mermaid = (await import(`${folder}/mermaid/dist/mermaid.core.mjs`)).default;

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);

const errors = [];
for (const text of JSON.parse(Buffer.concat(chunks).toString())) {
  try {
    await mermaid.parse(text);
    errors.push(null);
  } catch (error) {
    errors.push(String(error.message ?? error));
  }
}
process.stdout.write(JSON.stringify(errors));
