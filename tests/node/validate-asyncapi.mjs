// Parses an AsyncAPI document with the official parser; exits 1 if it finds an error.
import { Parser, fromFile } from "@asyncapi/parser";

const ERROR = 0; // severity of a diagnostic; 1 and above are advice

const [path] = process.argv.slice(2);
const { document, diagnostics } = await fromFile(new Parser(), path).parse();
const errors = diagnostics.filter(({ severity }) => severity === ERROR);

for (const { code, message, path: place } of errors) {
  console.error(`${place.join(".")}: ${message} (${code})`);
}
console.log(`${document?.allMessages().length ?? 0} messages, ${errors.length} errors`);
process.exitCode = document && errors.length === 0 ? 0 : 1;
