// Of the pages named: what of them mail programs do not show, or show in part. JSON: {none, partial}, each
// title → programs; and `untested`, programs of which there are no results for something that the pages use.
import { readFileSync } from "node:fs";
import { caniemail } from "caniemail";

const PROGRAMS = [
  "apple-mail.ios", "apple-mail.macos", "fastmail.desktop-webmail", "gmail.android", "gmail.desktop-webmail",
  "gmail.ios", "gmail.mobile-webmail", "gmx.desktop-webmail", "outlook.android", "outlook.ios", "outlook.macos",
  "outlook.outlook-com", "outlook.windows", "outlook.windows-mail", "protonmail.desktop-webmail",
  "samsung-email.android", "thunderbird.macos", "web-de.desktop-webmail", "yahoo.android",
  "yahoo.desktop-webmail", "yahoo.ios",
];
const found = { none: {}, partial: {}, untested: {} };
for (const path of process.argv.slice(2)) {
  const html = readFileSync(path, "utf8");
  for (const program of PROGRAMS) {
    let issues;
    try {
      ({ issues } = caniemail({ clients: [program], html }));
    } catch {
      found.untested[program] = true;
      continue;
    }
    for (const [, several] of [...issues.errors, ...issues.warnings]) {
      for (const { title, support } of several) {
        ((found[support === "none" ? "none" : "partial"][title] ??= {})[program]) = true;
      }
    }
  }
}
for (const titles of [found.none, found.partial]) {
  for (const title of Object.keys(titles)) titles[title] = Object.keys(titles[title]);
}
console.log(JSON.stringify({ ...found, untested: Object.keys(found.untested) }));
