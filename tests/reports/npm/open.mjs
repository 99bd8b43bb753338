// Opens files that the line sealed, with the browser's implementation of age, and writes their sound to stdout.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [modules, identity, ...files] = process.argv.slice(2);
const { Decrypter } = await import(pathToFileURL(createRequire(`${modules}/`).resolve("age-encryption")));
const decrypter = new Decrypter();
decrypter.addIdentity(identity);
for (const file of files) {
  process.stdout.write(await decrypter.decrypt(readFileSync(file)));
}
